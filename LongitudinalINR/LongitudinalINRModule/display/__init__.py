"""How a result is shown: colours, slice views, charts and what lies under the crosshair."""
