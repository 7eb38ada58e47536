"""How each break of a chain, a seal or what was frozen is told."""

from counselhub.audit.rules import Break
from counselhub.core.labels import N_

BREAKS = {
    Break.GAP: N_("%(chain)s 第 %(seq)s 条：这一条链接不在了，留痕被删过。"),
    Break.MISSING: N_("%(chain)s 第 %(seq)s 条：操作 %(event)s 被删除，且没有清理记录。"),
    Break.CHANGED: N_("%(chain)s 第 %(seq)s 条：操作 %(event)s 的内容或次序与摘要不符。"),
    Break.UNLINKED: N_("%(chain)s：操作 %(event)s 不在留痕链中，是绕过程序写入的。"),
    Break.CUT: N_("%(chain)s：%(day)s 的日终摘要（第 %(seq)s 条）已不在链中，链尾被截断。"),
    Break.HEAD: N_("%(chain)s 第 %(seq)s 条：与 %(day)s 的日终摘要不符。"),
    Break.PRUNED: N_("%(chain)s：标为已清理的操作多于清理记录所载。"),
    Break.SEAL: N_("%(chain)s：结算单 %(number)s 与封存时不同，最先不符的是%(line)s。"),
    Break.UNSEALED: N_("%(chain)s：结算单 %(number)s 已提交，却没有封存记录。"),
    Break.FROZEN: N_(
        "%(chain)s：结算单 %(number)s 第 %(version)s 次提交时封存的依据已不在，或与封存摘要不符。"
    ),
    Break.RECKONED: N_(
        "%(chain)s：结算单 %(number)s 第 %(version)s 次提交，"
        "按封存的事实和方案重算，与所封存的不同：%(part)s。"
    ),
    Break.ARCHIVE: N_("%(chain)s %(seq)s：归档文件 %(file)s 读不出来，或与留痕链不符。"),
}
