"""The site file of the origin city: `python -m demo.sitefile > demo/site.toml` writes it anew from columns.txt."""

from __future__ import annotations

import sys

from demo.columns import Column, columns, section

HEAD = """\
# The site file: which portal is mirrored and which of its columns, in the order of the screen.
# This one describes the demo city and is the example to start from: copy it, change [site] and [fetch],
# and write one [[column]] for each list of your portal that is to be shown.
# After a change in columns.txt of the demo city it is written anew by: python -m demo.sitefile > demo/site.toml

[site]
id = "qinglan"                      # prefix of every key in Redis; small letters, digits and hyphens
name = "青澜市人民政府"
home = "http://127.0.0.1:8090/"     # lists below are relative to it; the setting SITE_HOME overrides it
time_zone = "Asia/Shanghai"         # in which the portal states its dates
hotline = "12345"                   # shown wherever a person may need help
names = { en = "Qinglan City Government" }
travel = "travel.toml"              # facts for people on the go, beside this file

[fetch]
contact = "mailto:webmaster@qinglan.example"    # stands in the User-Agent, so that the portal can reach you
allow_private = true                # the demo city is served on loopback; leave out for a portal on the internet
delay = 0.0                         # seconds between two requests to one host; 1.0 is polite on the internet
concurrency = 4                     # requests to one host at the same time
timeout = 10.0                      # seconds for one answer
max_bytes = 5000000                 # larger pages and pictures are refused

[case]                              # where the portal tells how one case stands
query = "/bjcx/query.jsp?bh={number}&cxm={code}"
code = 6                            # digits of the code that stands on the receipt

# A column:
#   id       short, for ever: addresses and Redis keys are made of it
#   parent   id of the column that it stands under; the four sections have none
#   section  news | services | disclosure | interviews
#   number   three digits that open it on the remote control; never a telephone number such as 110 or 120
#   kind     article | disclosure | matter | unit | fact | interview | notice | case
#   page     go | cases: a page that the editions make themselves, in place of a list
#   list     address of its first list page; a column without one is a group of other columns
#   limit    how many of the newest items are mirrored
#   words    everyday words that stand on its tile
"""

WAYS = """
# What people say, and the official name that it stands for; one way.
[everyday]
"驾照" = "机动车驾驶证"
"驾驶本" = "机动车驾驶证"
"身份证" = "居民身份证"
"房产证" = ["不动产", "新建商品房转移登记"]
"房本" = ["不动产", "新建商品房转移登记"]
"医保卡" = "社会保障卡"
"退休金" = ["养老金", "养老保险"]
"低保" = "最低生活保障"
"老人证" = "老年人优待证"
"停暖" = "供热报停"
"讨薪" = "拖欠农民工工资"
"开店" = "个体工商户设立登记"

# What happens in a life, and the matters that it takes, in order; of a list in the list one is done.
[[scene]]
id = "baby"
name = "生孩子"
words = "准生证 出生证 上户口"
names = { en = "Having a child" }
steps = [
  "孕产妇免费产前筛查", ["生育登记", "再生育审核"], "出生医学证明签发", "出生登记", "预防接种证办理",
  "城乡居民参保登记", "生育津贴支付", "育儿补贴申领",
]

[[scene]]
id = "school"
name = "上学"
words = "入园 入学 助学金"
names = { en = "Going to school" }
steps = [
  "幼儿园入园登记", ["义务教育入学登记", "随迁子女入学申请", "中小学生转学办理"], "学生公交卡办理",
  ["家庭经济困难学生资助申请", "生源地信用助学贷款"],
]

[[scene]]
id = "work"
name = "找工作"
words = "失业 培训 创业"
names = { en = "Finding work" }
steps = [
  "失业登记", "失业保险金申领", ["职业技能培训补贴申领", "高校毕业生就业见习申请"],
  ["灵活就业人员参保登记", "创业担保贷款申请"],
]

[[scene]]
id = "wedding"
name = "结婚"
words = "领证 落户"
names = { en = "Getting married" }
steps = [["内地居民结婚登记", "涉港澳台居民结婚登记"], "户口迁移审批", "生育登记"]

[[scene]]
id = "home"
name = "买房租房"
words = "公积金 房产证 公租房"
names = { en = "A home" }
steps = [
  ["商品房买卖合同网签备案", "存量房转移登记", "公租房申请"], ["购房提取住房公积金", "租房提取住房公积金"],
  "住房公积金个人贷款", "契税申报", "新建商品房转移登记", "居民用水过户", "居民用电更名过户", "管道燃气开通点火",
]

[[scene]]
id = "car"
name = "买车开车"
words = "考驾照 上牌 年检"
names = { en = "A car" }
steps = [
  "机动车驾驶证初次申领", "车辆购置税申报", ["机动车注册登记", "机动车转让登记"], "小型客车ETC安装",
  "机动车检验合格标志核发", "机动车驾驶证期满换证",
]

[[scene]]
id = "shop"
name = "开店办公司"
words = "执照 开饭店"
names = { en = "Opening a business" }
steps = [
  "企业名称自主申报", ["个体工商户设立登记", "有限责任公司设立登记"], "公章刻制备案", "发票票种核定",
  ["食品经营许可", "小餐饮登记", "仅销售预包装食品备案"], "从业人员健康证明办理", "户外招牌设置备案", "企业社会保险登记",
]

[[scene]]
id = "retire"
name = "退休养老"
words = "办退休 养老金 老年证"
names = { en = "Retirement" }
steps = [
  ["职工正常退休申请", "城乡居民养老金申领"], "退休提取住房公积金", "领取待遇资格认证", "老年人优待证办理",
  "老年人免费乘车卡申领", "高龄津贴审核发放", ["家庭适老化改造申请", "公办养老院入住申请"],
]

[[scene]]
id = "farewell"
name = "身后事"
words = "火化 销户口 抚恤金"
names = { en = "When someone has died" }
steps = [
  "遗体火化办理", "死亡注销户口", "丧葬补助金和抚恤金申领", "个人账户余额继承", ["公益性公墓购置", "生态安葬奖补申请"],
  ["继承公证", "继承房产转移登记"],
]
"""


def write() -> str:
    """The text of the site file."""
    return HEAD + "".join(_column(column) for column in columns()) + WAYS


def _column(column: Column) -> str:
    rows = ["", "[[column]]", f'id = "{column.id}"']
    if column.parent:
        rows.append(f'parent = "{column.parent}"')
    rows += [f'name = "{column.name}"', f'section = "{section(column)}"', f'number = "{column.number}"']
    if column.cms:
        rows += [f'kind = "{column.kind}"', f'list = "{column.list_path}"', f"limit = {column.limit}"]
    if column.page:
        rows.append(f'page = "{column.page}"')
    rows += [f'words = "{column.words}"', f'names = {{ en = "{column.english}" }}']
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(write())
