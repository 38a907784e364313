"""Typeset letters and passes as PDF.

``services.render_pdf`` is the one door; ``values`` says what each template is filled with.
"""
