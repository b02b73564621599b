"""From chapters to reports: checking, execution, the Sphinx extension, the PDF builder, the command line."""
