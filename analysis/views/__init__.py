"""What chapters show: each module holds the tables, figures and lists of one topic, ready to end a notebook cell with."""
