"""The built-in desk: for a city without a case system, and for the grid workers of every city.

- passwords   how they are hashed               - accounts   who may sign in, as what
- sessions    who is signed in                  - pages      letters into what the desk shows
- handlers    `/desk/...`                       - csvfile    lists for a spreadsheet
"""
