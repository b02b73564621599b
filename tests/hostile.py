"""Texts that would do something if some part of the way took them for more than text: one for each syntax.

Those of :data:`SHOWN` are let in, and must be shown letter by letter (they have no digits, which prose may not have). The others are refused when the data and the texts are
checked: :data:`RUN_BY_EXCEL` by their first character, :data:`UNSEEN` by a character that no eye sees, :data:`PRIVATE` since
they tell of a person or a machine.
"""

from __future__ import annotations

SHOWN = {
    "html script": '<script>alert("x")</script>',
    "html event": "<img src=x onerror=alert(document.domain)>",
    "html end of textarea": "</textarea></title></style><svg onload=alert(this)>",
    "html attribute": 'a" onmouseover="alert(this)" x="',
    "html attribute, single": "a' onfocus='alert(this)' autofocus='",
    "html frame": '<iframe src="https://evil.example/"></iframe>',
    "html style": "<style>*{display:none}</style>",
    "html comment": "<!-- borte --> ]]> <![CDATA[borte]]>",
    "html entity": "&lt;b&gt; &amp; &quot; &#xab; &nbsp;",
    "markdown script link": "[x](javascript:alert(document.domain))",
    "markdown end of link": "](javascript:alert(document.domain))",
    "markdown link": "[x](http://evil.example) ![x](http://evil.example/x.png)",
    "markdown auto link": "<http://evil.example> http://evil.example/y",
    "markdown table": "a | b | c",
    "jinja": "{{ config }} {% raw %} {# borte #} {%- for x in y %}",
    "format": "{title} {self.__class__} %s %(x)s ${x} $(id)",
    "myst role": "{verdi}`arsverk.sum` {raw}`x` {eval-rst}`x`",
    "myst fence": "```{eval-rst} .. raw:: html ```",
    "myst colon fence": ":::{raw} html ::: +++ %% ---",
    "substitution": "|x| .. include:: /etc/passwd `x`_ ``y`` **z**",
    "mathematics": "$x$ $$y$$ \\(z\\) \\[w\\]",
    "typst read": '#read("/etc/passwd") #include "x.typ" #{panic("x")}',
    "typst mark-up": "*bold* _em_ @ref <label> = overskrift // borte /* borte */ ~",
    "backslashes": r"\ \\ \n \u{ab} \xab \g<x> \" \' \tmp",
    "vega expression": "datum.x || (alert(datum)) ' + alert(this) + '",
    "svg": '<a xlink:href="javascript:alert(this)" id="x" role="y" url(#z)>',
    "long word": "ord" * 60,
}

RUN_BY_EXCEL = {
    "equals": "=cmd|' /C calc'!A0",
    "plus": "+1+1",
    "minus": "-2+3+cmd|' /C calc'!A0",
    "at": "@SUM(A1)",
    "tab": "\t=1+1",
    "carriage return": "\r=1+1",
    "full width": "＝1+1",
}

#: Each with its name in the message.
UNSEEN = {
    "U+202E": "a\u202eb",
    "U+202A": "a\u202ab",
    "U+202B": "a\u202bb",
    "U+202C": "a\u202cb",
    "U+202D": "a\u202db",
    "U+2066": "a\u2066b",
    "U+2067": "a\u2067b",
    "U+2068": "a\u2068b",
    "U+2069": "a\u2069b",
    "U+200E": "a\u200eb",
    "U+200F": "a\u200fb",
    "U+061C": "a\u061cb",
    "U+200B": "a\u200bb",
    "U+200D": "a\u200db",
    "U+2060": "a\u2060b",
    "U+FEFF": "a\ufeffb",
    "U+00AD": "a\u00adb",
    "U+0000": "a\0b",
    "U+0007": "a\ab",
    "U+0008": "a\bb",
    "U+000B": "a\vb",
    "U+001B": "a\x1b[31mb",
    "U+007F": "a\x7fb",
    "U+0085": "a\x85b",
    "U+2028": "a\u2028b",
    "U+2029": "a\u2029b",
    "U+E000": "a\ue000b",
    "U+FFFE": "a\ufffeb",
}

#: Cannot stand in a file of UTF-8, but can be written by number in YAML and in a notebook.
SURROGATE = "a\ud800b"

#: The start of a path on a machine, apart from it: no file of the repository has such a path in it.
DISK = ""

PRIVATE = {
    "e-mail": "Spør kari.nordmann@melhus.example.",
    "path, Windows": r"Hentet fra C:\Users\kari\arkiv.xlsx",
    "path, Linux": f"Hentet fra {DISK}/home/kari/arkiv.xlsx",
    "path, macOS": f"Hentet fra {DISK}/Users/kari/arkiv.xlsx",
    "path, share": r"Hentet fra \\server\kari\arkiv.xlsx",
    "file address": f"Se file://{DISK}/srv/arkiv.xlsx",
}
