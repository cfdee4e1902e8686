"""What a person is told in their language of what the service refuses. Knows the service's English words for what a
supervisor meets, and codes of answers; no request. A program gets the English as it is."""

from collections.abc import Mapping

SAID: Mapping[str, str] = {
    # a piece of what the service says: what a Chinese page says instead
    "no known agent faces a known customer": "还没有确认谁是坐席、谁是客户，暂不能操作",
    "there is no known agent on the line": "通话中没有已确认的坐席，暂不能操作",
    "nothing of it is recorded yet": "还没有开始录音，暂不能遮蔽",
    "no call is up with a leg": "此通话不在进行中，或您无权查看",
    " has ended": "通话已结束",
    "phones are in already": "通话中的主管话机已达上限",
    " is not in it": "您不在此通话中",
    "the switch has not answered": "交换机没有应答，操作仍可能已执行",
    "the switch has refused": "交换机拒绝了此操作",
    "which phone?": "话机号码不可用，请检查“我的话机”",
    "that phone is another account's": "这部话机属于另一个账号",
    "the phone is busy": "话机占线",
    "nobody has picked up": "话机无人接听",
    "the phone does not answer": "话机没有应答",
    "the phone has turned the call down": "话机拒接",
    "no phone is registered under that number": "该号码没有已注册的话机",
    "there is no such number": "没有这个号码",
    "the link to the switch is down": "与交换机的连接已断开",
    "there is no such prompt": "没有这条提示音",
    "asks for a reason": "请填写原因",
    "there is no recording of a call": "没有此通话的录音，或您无权查看",
    "was erased": "此录音已销毁",
    "has no key that opens recordings": "本服务没有可打开录音的密钥",
    "no key is set here": "本服务没有配置可打开录音的密钥（[keys] identity）",
    "ask for a reason": "请填写原因",
    "is under a legal hold": "此录音在法律保全中，请先解除保全",
    "is up; erase it when it has ended": "通话正在进行，请在结束后再销毁",
    "is still being recorded": "通话尚未记录完毕，请在结束后再销毁",
    "is erased already": "此录音已销毁",
    "the new password is the old one": "新密码不能与旧密码相同",
    "the two are not the same": "两次输入的新密码不一致",
    "a password has 10 to": "密码至少 10 个字符",
    "neither one's name nor a few characters": "密码不能是账号名，也不能只重复少数几个字符",
    "a password has no control characters": "密码不能含控制字符",
    "this form is out of date": "页面已过期，请刷新后重试",
    "the password has to be changed first": "请先修改密码",
}
BY_STATUS: Mapping[str, Mapping[int, str]] = {
    "zh": {
        401: "请先登录", 403: "您无权查看此页或执行此操作", 404: "没有这个页面", 405: "此地址不接受这样的请求",
        409: "服务拒绝了此操作：{detail}", 413: "提交的内容过大", 429: "请求过于频繁，请稍候再试",
        500: "服务内部出错，原因见服务日志", 503: "服务暂时不可用，请稍候再试",
    },
    "en": {404: "there is no such page"},
}
"""Where the words are not known: of a code; with what the service said where `{detail}` stands."""
HTTP_NOT_FOUND = "The requested URL was not found"


def told(language: str, detail: str, status: int = 409) -> str:
    """A sentence for a person, without its stop. `detail`: the service's English."""
    if language == "zh":
        for piece, instead in SAID.items():
            if piece in detail:
                return instead
    elif not detail.startswith(HTTP_NOT_FOUND):
        return detail
    return BY_STATUS[language].get(status, detail).replace("{detail}", detail)
