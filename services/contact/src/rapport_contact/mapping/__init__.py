"""How the columns of a file become the fields of a person or an organisation. Pure: texts in, messages out."""
