"""The evaluation script's parts: gold in, questions asked, figures with intervals out."""
