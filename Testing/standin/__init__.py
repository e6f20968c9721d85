"""A stand-in for the Slicer application: ``qt``, ``ctk`` and ``slicer`` as a scripted module sees them.

Qt is real (PySide6) and MRML is real (slicer-core). What stands between them and Python in Slicer, PythonQt
and the CTK and Slicer widgets, is played here after ``facts.json``: what Slicer refuses is refused here.
"""
