"""Files of questions as other programs write them, images among them."""

from __future__ import annotations

import base64
import io
import zipfile

import docx
from docx.document import Document
from docx.text.paragraph import Paragraph
from PIL import Image

#: A question in the words of every format.
STEM, OPTIONS = "触电急救首先应当（ ）。", ("切断电源", "拨打电话", "心肺复苏")


def a_picture(kind: str = "PNG", *, colour: str = "red", size: tuple[int, int] = (40, 30)) -> bytes:
    """Return an image."""
    target = io.BytesIO()
    Image.new("RGB", size, colour).save(target, kind)
    return target.getvalue()


def packed(members: dict[str, bytes | str]) -> bytes:
    """Return a package with these members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return target.getvalue()


def a_qti2_item(*, image: str = "", key: str = "a", cardinality: str = "single") -> str:
    """Return an item of QTI 2.1, laid out as tools lay them out."""
    values = "".join(f"<value>{one}</value>" for one in key)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="q1" title="一"
    adaptive="false" timeDependent="false">
  <responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="identifier">
    <correctResponse>{values}</correctResponse>
  </responseDeclaration>
  <itemBody>
    <p>见图：
       {image}</p>
    <choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="1">
      <prompt>水是 H<sub>2</sub>O   吗？</prompt>
      <simpleChoice identifier="a">是的<feedbackInline outcomeIdentifier="F" identifier="a"
        showHide="show">对</feedbackInline></simpleChoice>
      <simpleChoice identifier="b">不是水</simpleChoice>
      <simpleChoice identifier="c">10<sup>3</sup> Pa</simpleChoice>
    </choiceInteraction>
  </itemBody>
  <modalFeedback outcomeIdentifier="FB" identifier="x" showHide="show">水的化学式。</modalFeedback>
</assessmentItem>"""


def a_qti3_item(interaction: str = "choice") -> str:
    """Return an item of QTI 3.0."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="q3"
    title="多选" adaptive="false" time-dependent="false">
  <qti-response-declaration identifier="R" cardinality="multiple" base-type="identifier">
    <qti-correct-response><qti-value>A</qti-value><qti-value>C</qti-value></qti-correct-response>
  </qti-response-declaration>
  <qti-item-body>
    <qti-{interaction}-interaction response-identifier="R" max-choices="0">
      <qti-prompt>下列哪些是安全色？</qti-prompt>
      <qti-simple-choice identifier="A">红</qti-simple-choice>
      <qti-simple-choice identifier="B">紫</qti-simple-choice>
      <qti-simple-choice identifier="C">黄</qti-simple-choice>
    </qti-{interaction}-interaction>
  </qti-item-body>
</qti-assessment-item>"""


def a_manifest(*paths: str, kind: str = "imsqti_item_xmlv2p1") -> str:
    """Return the manifest of a package with these items."""
    resources = "".join(
        f'<resource identifier="r{n}" type="{kind}" href="{path}"/>' for n, path in enumerate(paths)
    )
    return (
        '<?xml version="1.0"?><manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"'
        f' identifier="m"><organizations/><resources>{resources}</resources></manifest>'
    )


def a_qti_package(picture: bytes) -> bytes:
    """Return a package with an item of QTI 2.1 that shows an image, and one of 3.0."""
    return packed(
        {
            "imsmanifest.xml": a_manifest("items/one.xml", "items/two%20.xml"),
            "items/one.xml": a_qti2_item(image='<img src="../media/fig%201.png" alt="图"/>'),
            "items/two .xml": a_qti3_item(),
            "media/fig 1.png": picture,
        }
    )


def a_moodle_quiz(picture: bytes) -> str:
    """Return a quiz as Moodle exports it."""
    content = base64.b64encode(picture).decode()
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<quiz>
  <question type="category"><category><text>$course$/top/低压电工/触电急救</text></category>
  </question>
  <question type="multichoice">
    <name><text>一</text></name>
    <questiontext format="html">
      <text><![CDATA[<p>图中是<b>什么</b>标志？</p>
      <p><img src="@@PLUGINFILE@@/sign%201.png" alt=""></p>]]></text>
      <file name="sign 1.png" path="/" encoding="base64">{content}</file>
    </questiontext>
    <generalfeedback format="html"><text>&lt;p&gt;看颜色。&lt;/p&gt;</text></generalfeedback>
    <single>false</single>
    <answer fraction="50" format="html"><text>禁止</text></answer>
    <answer fraction="-100" format="html"><text>提示</text></answer>
    <answer fraction="50" format="plain_text"><text>限速 &lt; 5</text></answer>
    <tags><tag><text>难度:0.7</text></tag></tags>
  </question>
  <question type="truefalse">
    <name><text>二</text></name>
    <questiontext format="moodle_auto_format"><text>三氧化硫有毒。</text></questiontext>
    <answer fraction="0"><text>false</text></answer>
    <answer fraction="100"><text>true</text></answer>
  </question>
  <question type="essay"><name><text>三</text></name>
    <questiontext format="html"><text>论述安全。</text></questiontext></question>
</quiz>"""


GIFT = r"""// 一份题库
$CATEGORY: 低压电工/触电急救

// [id:1] [tag:难度:0.6]
::一::触电急救首先应当\: {
=切断电源#对了
~拨打电话
~心肺复苏 \{CPR\}
####先断电，
再施救。
}

::二::[html]安全电压是 <b>36 V</b>。{T}

下列哪些是安全色？{~%50%红 ~%50%黄 ~%-100%紫}

写出安全生产方针。{=安全第一 =预防为主}

配对{=甲 -> 1 =乙 -> 2}

说说看{}
"""

PROSE = """低压电工作业题库

一、判断题（每题 1 分）
1. 停电作业前应当
验电。
答案：√
2、带电作业可以一人进行。（×）

二、单项选择题
1. 触电急救首先应当（ B ）。
A. 拨打电话   B. 切断电源   C. 心肺复苏
D. 离开现场
解析：先断电，再施救。
2. 安全电压的上限是
A．36 V
B．220 V
【答案】A
难度：0.6
依据：GB/T 3805

三、多选题
1、下列哪些是安全色？
A、红 B、黄
C、紫
正确答案：AB

四、简答题
1. 写出安全生产方针。
答案：安全第一，预防为主，综合治理。
"""

PROSE_WITH_LIST = """单选题
1. 甲？
A. 一 B. 二
2. 乙？
A. 一 B. 二
3. 丙？
A. 一 B. 二
答案
1-2 AB  3. A
"""


def a_document(picture: bytes | None = None) -> bytes:
    """Return a Word document: headings, automatic numbers, raised letters, a picture, a table."""
    book: Document = docx.Document()
    book.add_paragraph("一、单选题")
    stem = book.add_paragraph("1. 水的化学式是 H")
    stem.add_run("2").font.subscript = True
    stem.add_run("O，对应的是（ ）。")
    if picture is not None:
        stem.add_run().add_picture(io.BytesIO(picture))
    book.add_paragraph("A. 水\tB. 氧气")
    book.add_paragraph("答案：A")
    table = book.add_table(rows=0, cols=4)
    for cells in (
        ("题型", "题干", "选项", "答案"),
        ("判断题", "高处作业须系安全带。", "", "对"),
    ):
        for cell, text in zip(table.add_row().cells, cells, strict=True):
            cell.text = text
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _set_level(paragraph: Paragraph, level: int) -> None:
    paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_ilvl().val = level


def a_numbered_document() -> bytes:
    """Return a Word document whose numbers and labels are automatic, and so in no text."""
    book: Document = docx.Document()
    book.add_paragraph("单选题")
    for stem, key in (("甲是谁？", "A"), ("乙是谁？", "B")):
        book.add_paragraph(stem, style="List Number")
        for text in ("张三", "李四"):
            option = book.add_paragraph(text, style="List Number 2")
            _set_level(option, 1)
        book.add_paragraph(f"答案：{key}")
    for paragraph in book.paragraphs:
        if paragraph.style is not None and paragraph.style.name == "List Number":
            _set_level(paragraph, 0)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
