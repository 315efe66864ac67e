"""Many papers of a sitting at once: equally hard, nothing shared by neighbours (批量组卷).

The way: how many questions of which topic a paper takes (`blueprints`, by integer program), how
often each question comes up (`exposure`), dealing them out in the order of the seats (`dealing`),
and repair by exchange (`exchange`). `checking` counts what is wrong with the result and shares no
code with the rest; `proof` says what a bank that cannot carry a specification lacks; `deck` draws
the paper of a late comer; `evenness` says how equal the papers are.
"""
