"""Chinese is written without spaces: set the words that matter to operations apart before tokens are cut."""

from __future__ import annotations

import re

_WORDS = (
    "每个工作日 每工作日 工作日 每个季度 每季度 每半年 每两周 每隔一周 隔周 每小时 每分钟 每天 每日 每晚 每早 每周 每星期 每月 每个月 每年 每次 每隔 每 "
    "星期一 星期二 星期三 星期四 星期五 星期六 星期日 星期天 礼拜一 礼拜二 礼拜三 礼拜四 礼拜五 礼拜六 礼拜天 周一 周二 周三 周四 周五 周六 周日 周末 "
    "毫秒 秒钟 秒 分钟 分 个小时 小时 天 个星期 周 个月 季度 年 月 日 号 点钟 点 次 "
    "早上 上午 中午 下午 晚上 凌晨 午夜 早晨 至 到 和 或者 或 且 以及 "
    "大于等于 小于等于 不低于 不高于 不少于 不超过 不小于 不大于 大于 小于 超过 高于 低于 少于 多于 等于 至少 至多 最多 最少 以上 以下 以内 之内 内 "
    "持续 连续 过去 最近 平均 中位数 大约 约 左右 立即 立刻 马上 全天候 全天 部署后 部署前 发布前 发布后 之前 之后 前 后 "
    "可用性 可用率 成功率 错误率 失败率 响应时间 延迟 使用率 吞吐量 命中率 除节假日 节假日除外 最后一个 第一个 第二个 第三个 第四个 按需 实时 "
    "一 二 两 三 四 五 六 七 八 九 十 半 升级 未解决 联系"
).split()
_SPLIT = re.compile("|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True)))
_HAN = "\u3400-\u9fff"
_GAP = re.compile(f"(?<=[{_HAN}]) (?=[{_HAN}])")
_EACH_DAY = re.compile("(每)(?=(?:周|星期|礼拜)[一二三四五六日天])")
_ANY = re.compile(f"[{_HAN}]")


def spaced(text: str) -> str:
    """`工作日9:00` → ` 工作日 9:00`; text without Chinese comes back untouched."""
    if not _ANY.search(text):
        return text
    text = _EACH_DAY.sub(r"\1 ", text)  # 每周一 is "each Monday", not "weekly one"
    return re.sub(r"  +", " ", _SPLIT.sub(r" \g<0> ", text))


def unspaced(text: str) -> str:
    """Undo `spaced` for what is shown to a person."""
    return _GAP.sub("", text)
