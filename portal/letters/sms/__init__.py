"""Text messages, out and in.

- segments   how many messages a text is               - templates   what is said, by id and variables
- incoming   what a citizen's text asks for            - gateway     Kannel's sendsms form
- handlers   where the gateway hands us a text
"""
