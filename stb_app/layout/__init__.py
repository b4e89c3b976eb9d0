"""Page -> boxes and screens. Pure: everything is measured here and nothing is left to the box."""
