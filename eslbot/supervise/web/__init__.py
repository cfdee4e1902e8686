"""The web's frame: who is asking, what a page must bring along, and what every answer says of itself. What is shown is
the console's and the API's."""

from eslbot.supervise.web.app import make_app
from eslbot.supervise.web.asking import ask, current, needs, still_here, streaming
from eslbot.supervise.web.frame import Frame, WebOptions, frame

__all__ = ["Frame", "WebOptions", "ask", "current", "frame", "make_app", "needs", "still_here", "streaming"]
