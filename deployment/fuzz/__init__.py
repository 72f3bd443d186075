"""Random input for the parts that read text from outside: expressions, cells, DMN files, JSON. No test is here."""
