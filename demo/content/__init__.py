"""The texts of the origin city, and what reads them."""
