"""An answer written by a language model: prompt, stream, check of each sentence, citations."""
