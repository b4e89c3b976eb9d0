"""Where a unit is: a small drawn plan, and a sentence for screens that show none.

plan       positions and addresses -> streets, neighbours, a frame in metres (pure)
draw       a plan -> a picture, for a television or for a phone of two colours (Pillow)
places     the units of the mirror with their positions, read once a generation
handlers   /map/...
"""
