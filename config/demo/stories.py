"""What the demonstration tells: five properties at five stages, and one still on the officer's desk.

What can be seen must be shown (art. 13(5)), and the project draws only its flat: homes show rooms of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from auction.rules.money import Money, yuan
from enforcement.services.add_property import Description

DAY: Final = timedelta(days=1)
ALL_ROOMS: Final = ("living", "kitchen", "bedroom", "study", "bathroom", "balcony")
Taxes = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Story:
    """A case with one property. Times are told from now: negative is past.

    `secured` and `ordinary` are what the bank and the other creditor claim.
    """

    serial: int
    cause: str
    debtor: str
    secured: Money
    ordinary: Money
    description: Description
    taxes: Taxes
    appraised: Money
    starting: Money
    increment: Money
    deposit: Money
    published: timedelta = -32 * DAY
    opens: timedelta = timedelta()
    closes: timedelta = DAY
    has_tenant: bool = False
    rooms: tuple[str, ...] = ()


HOUSE_TAXES: Final[Taxes] = (
    ("契税", "3%", "buyer_by_law"),
    ("增值税及附加", "按税法规定", "debtor_by_law"),
    ("个人所得税", "按税法规定", "debtor_by_law"),
)
GOODS_TAXES: Final[Taxes] = (("增值税", "按税法规定", "debtor_by_law"),)

FLAT: Final = Story(
    serial=1024,
    cause="金融借款合同纠纷",
    debtor="周某明",
    secured=yuan(2_100_000),
    ordinary=yuan(860_000),
    description=Description(
        category="house",
        name="北京市示范区云杉路8号院3号楼1单元602室",
        province="北京市",
        city="北京市",
        location="北京市示范区云杉路8号院，近地铁示范线云杉路站",
        title="不动产权证号：京(2019)示不动产权第0012345号，登记在被执行人名下，单独所有。建筑面积112.36平方米，三室两厅一厨一卫，混合结构，2012年建成，规划用途住宅。",
        possession="由承租人赵平居住，租期至2027年6月30日，租金每月6,500元，已付至本月。租赁合同订立及占有均在抵押权设立之前，带租约拍卖。",
        burdens="抵押权人示范银行股份有限公司，抵押于2019年5月登记；除本院查封外无其他查封。拍卖成交后抵押权消灭，租赁权由买受人承受。",
        defects="卫生间吊顶一角有渗水痕迹，厨房地砖一块开裂，客厅木地板有划痕；位置均已在全景中标出。物业费拖欠4,860元。",
        qualification="竞买人应当符合北京市住房限购政策，竞买前请自行向住建部门核实购房资格。",
        visits="现场集中看样：公告期内每周三14:00至16:00，请提前一日致电执行法官预约；全景看样随时开放。",
    ),
    taxes=HOUSE_TAXES,
    appraised=yuan(4_280_000),
    starting=yuan(2_996_000),
    increment=yuan(20_000),
    deposit=yuan(300_000),
    opens=timedelta(hours=-20),
    closes=timedelta(hours=6),
    has_tenant=True,
    rooms=ALL_ROOMS,
)
MARK: Final = Story(
    serial=1188,
    cause="民间借贷纠纷",
    debtor="徐某",
    secured=yuan(0),
    ordinary=yuan(230_000),
    description=Description(
        category="other",
        name="“云杉小院”注册商标专用权(第43类)",
        province="北京市",
        city="北京市",
        title="商标注册人为被执行人，注册号示0012345，专用权期限至2031年8月13日。",
        possession="由被执行人使用，许可合同已到期，无在先被许可人。",
        burdens="无质权登记，本院首先查封。",
        defects="近三年仅在餐饮服务上使用，存在被申请撤销的可能。",
        qualification="无特别限制。",
        visits="权利凭证及使用证据可来院查阅，请提前预约。",
    ),
    taxes=GOODS_TAXES,
    appraised=yuan(96_000),
    starting=yuan(67_200),
    increment=yuan(500),
    deposit=yuan(8_000),
    published=-33 * DAY,
    opens=timedelta(minutes=-24 * 60),
    closes=timedelta(minutes=15),
)
STUDIO: Final = Story(
    serial=1207,
    cause="买卖合同纠纷",
    debtor="钱某华",
    secured=yuan(1_400_000),
    ordinary=yuan(1_150_000),
    description=Description(
        category="house",
        name="天津市示范区海河东路66号公寓楼1103室",
        province="天津市",
        city="天津市",
        location="天津市示范区海河东路66号",
        title="登记在被执行人名下，建筑面积46.20平方米，规划用途公寓。",
        possession="空置，钥匙由本院保管，成交后由本院交付。",
        burdens="抵押权人示范银行股份有限公司；除本院查封外另有轮候查封一件。",
        defects="卫生间吊顶一角有渗水痕迹，物业费拖欠12,300元。",
        qualification="应当符合天津市购房政策。",
        visits="现场看样：公告期内每周二10:00至12:00，请提前预约。",
    ),
    taxes=HOUSE_TAXES,
    appraised=yuan(1_900_000),
    starting=yuan(1_330_000),
    increment=yuan(10_000),
    deposit=yuan(140_000),
    published=-29 * DAY,
    opens=3 * DAY,
    closes=4 * DAY,
    rooms=("bedroom", "living", "bathroom"),
)
SHARES: Final = Story(
    serial=876,
    cause="股权转让纠纷",
    debtor="孙某强",
    secured=yuan(150_000),
    ordinary=yuan(480_000),
    description=Description(
        category="equity",
        name="廊坊示范精密机械有限公司30%股权",
        province="河北省",
        city="廊坊市",
        location="河北省廊坊市示范工业园5号",
        title="被执行人持有该公司30%股权，认缴出资300万元，实缴300万元，出资期限已届满。",
        possession="股东名册登记在被执行人名下，其他股东已书面放弃优先购买权。",
        burdens="示范银行股份有限公司质权登记，担保债权15万元。",
        defects="公司近三年未分红；最近一期资产负债表在卷可查。",
        qualification="应当符合公司章程及法律对股东资格的规定。",
        visits="公司章程、财务资料可来院查阅，请提前预约。",
    ),
    taxes=GOODS_TAXES,
    appraised=yuan(620_000),
    starting=yuan(434_000),
    increment=yuan(5_000),
    deposit=yuan(60_000),
    published=-78 * DAY,
    opens=-46 * DAY,
    closes=-45 * DAY,
)
COTTAGE: Final = Story(
    serial=903,
    cause="建设工程施工合同纠纷",
    debtor="吕某刚",
    secured=yuan(900_000),
    ordinary=yuan(700_000),
    description=Description(
        category="house",
        name="河北省保定市示范县柳林路12号院2号楼402室",
        province="河北省",
        city="保定市",
        location="河北省保定市示范县柳林路12号院",
        title="登记在被执行人名下，建筑面积71.80平方米，规划用途住宅。",
        possession="空置，钥匙由本院保管，成交后由本院交付。",
        burdens="抵押权人示范银行股份有限公司。",
        defects="厨房地砖一块开裂，采暖费拖欠2,100元。",
        qualification="无特别限制。",
        visits="现场看样：公告期内每周五10:00至12:00，请提前预约。",
    ),
    taxes=HOUSE_TAXES,
    appraised=yuan(680_000),
    starting=yuan(476_000),
    increment=yuan(5_000),
    deposit=yuan(50_000),
    published=-40 * DAY,
    opens=-5 * DAY,
    closes=-4 * DAY,
    rooms=("study", "living", "kitchen"),
)
DESK: Final = Story(
    serial=1311,
    cause="金融借款合同纠纷",
    debtor="马某",
    secured=yuan(1_800_000),
    ordinary=yuan(300_000),
    description=Description(
        category="house",
        name="北京市示范区梧桐街21号楼2单元501室",
        province="北京市",
        city="北京市",
        location="北京市示范区梧桐街21号楼",
        title="登记在被执行人名下，建筑面积98.50平方米，规划用途住宅。",
        possession="被执行人一家居住，本院负责腾退后交付。",
        burdens="抵押权人示范银行股份有限公司。",
        defects="卫生间吊顶一角有渗水痕迹，其余见全景。",
        qualification="竞买人应当符合北京市住房限购政策。",
        visits="现场集中看样时间另行通知；全景看样随时开放。",
    ),
    taxes=HOUSE_TAXES,
    appraised=yuan(3_600_000),
    starting=yuan(2_520_000),
    increment=yuan(20_000),
    deposit=yuan(250_000),
    rooms=ALL_ROOMS,
)
