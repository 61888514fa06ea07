"""Which language model: what a spec names, how it is asked, and what it used."""
