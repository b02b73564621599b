"""Deliveries: forms in Excel that workgroups fill (`make skjema`), and their numbers back into the tables (`make hent`)."""
