"""Retrieval side by side with LlamaIndex's: same articles, questions and embedding model."""
