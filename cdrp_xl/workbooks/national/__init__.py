"""National: the packs of many partnerships in one run, from one template of settings and one pass over the sources."""
