"""Recording what a Flask app is asked and what it answers: the shapes of it, never the values.

`running` starts a command; in every Python process below it the shim watches for Flask, and what each app
answers is written down by the process itself in a journal of its own. At the end the journals become one
store. The modules that run inside of the user's processes (`observer`, `shapes`, `words`, `journal`) need
the standard library alone.
"""
