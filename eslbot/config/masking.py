"""The settings of masks: how far back they reach, how long they last, and the key on the agent's phone. Knows what a
value may be, not who uses it."""

from pydantic import Field

from eslbot.config.fields import Duration
from eslbot.config.section import Section


class MaskSection(Section):
    key: str = Field(default="", pattern=r"^[0-9A-D*#]{0,4}$")
    """What an agent presses on the phone to mask the recording, and again to end it: one to four keys, like `*5`;
    empty: no key does. The customer hears it."""
    longest: Duration = Field(default=300.0, validate_default=False, gt=0, le=3600)
    """A mask that nothing has lifted by then is forgotten: it lifts itself and alerts (`mask-forgotten`)."""
    back: Duration = Field(default=3.0, validate_default=False, ge=0, le=30)
    """How far before the key or the command a mask begins: whoever hears a number coming presses late."""
    hold: Duration = Field(default=3.0, validate_default=False, ge=0, le=30)
    """How much of each call waits in memory before it is sealed, so that a mask can reach back over it: at least
    `back`, else a part of what it is to reach is sealed already. The loss of the whole host loses so much of each call
    that is up, besides one sealed chunk (2.05 s at 8 kHz) and the interval of syncs; kill -9 of eslbot loses none of
    it."""
