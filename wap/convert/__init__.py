"""Pages of other sites -> decks and pictures that a WAP phone can show. Pure: octets in, octets out."""
