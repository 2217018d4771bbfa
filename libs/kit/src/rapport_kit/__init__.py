"""The frame every Rapport service stands in: everything between a socket, a database, a broker and a use case."""
