"""WTP and WSP without sockets or clocks: values in, values and effects out (WAP-224, WAP-230)."""
