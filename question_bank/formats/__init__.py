"""File formats of question banks (题库文件格式), pure: bytes to questions, and questions to bytes.

Rooms: `files` what a read file is; `packages` zip files made safe; `trees` XML made safe;
`workbooks`, `tables`, `prose`, `documents`, `qti`, `moodle`, `gift` one format each;
`detecting` which it is; those named `…_writing` write.
"""
