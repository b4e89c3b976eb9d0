"""Finding things: what a viewer types, turned into columns and items."""
