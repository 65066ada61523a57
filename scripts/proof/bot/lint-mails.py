"""Reads mails as another program does and says what a list would mind, a line each: `NUMBER: what is wrong`.

usage: lint-mails.py FILE    FILE holds a JSON array of mails, each the raw bytes as a latin-1 string; prints `N mails` last
"""
import email.parser
import email.policy
import email.utils
import json
import re
import sys

REQUIRED = ['From', 'To', 'Subject', 'Message-ID', 'In-Reply-To', 'References', 'Date', 'MIME-Version', 'Content-Type',
            'Content-Transfer-Encoding', 'Auto-Submitted', 'X-Kbuild-Review-Run']
ALLOWED = set(REQUIRED) | {'Cc', 'Reply-To'}
WIDEST_PROSE = 75
LONGEST_QUOTE = 205
MOST_LINES = 120
MOST_REMARKS = 10


def headers(mail):
    names = mail.keys()
    for name in REQUIRED:
        if names.count(name) != 1:
            yield f'{names.count(name)} times {name}'
    for name in names:
        if name not in ALLOWED:
            yield f'the header {name}'
    if mail.defects:
        yield f'defects {mail.defects}'
    for name, value in mail.items():
        if value.defects:
            yield f'{name} has defects {value.defects}'
    if not re.fullmatch(r'<kr\.[a-z2-7]+@[\w.-]+>', mail['Message-ID'] or ''):
        yield f'Message-ID {mail["Message-ID"]}'
    if (mail['References'] or '').split()[-1:] != [mail['In-Reply-To']]:
        yield 'References do not end in In-Reply-To'
    if not (mail['Subject'] or '').startswith('Re: '):
        yield f'Subject {mail["Subject"]}'
    if mail['Auto-Submitted'] != 'auto-generated':
        yield f'Auto-Submitted {mail["Auto-Submitted"]}'
    if email.utils.parsedate_to_datetime(mail['Date'] or '') is None:
        yield f'Date {mail["Date"]}'


def encoding(mail, raw):
    kind = mail.get_content_type()
    if mail.is_multipart() or kind != 'text/plain':
        yield f'Content-Type {kind}'
    if 'format' in dict(mail['Content-Type'].params):
        yield 'format=flowed'
    wide = any(byte > 127 for byte in raw.partition(b'\n\n')[2])
    wanted = '8bit' if wide else '7bit'
    if mail['Content-Transfer-Encoding'] != wanted:
        yield f'Content-Transfer-Encoding {mail["Content-Transfer-Encoding"]}, not {wanted}'
    charset = mail.get_content_charset()
    if charset != ('utf-8' if wide else 'us-ascii'):
        yield f'charset {charset}'
    if any(byte > 127 for byte in raw.partition(b'\n\n')[0]):
        yield 'bytes beyond ASCII in the headers'
    if any(len(line) > 998 for line in raw.split(b'\n')):
        yield 'a line of more than 998 bytes'


def body(text):
    lines = text.split('\n')
    if 'automat' not in lines[0].lower():
        yield f'first line: {lines[0]}'
    if '-- ' not in lines:
        yield 'no signature'
    if len(lines) > MOST_LINES:
        yield f'{len(lines)} lines'
    if not any(line.startswith('> ') for line in lines) and '[ ... ]' not in text and 'patch ' not in text.lower():
        yield 'nothing is quoted'
    if re.search(r'^(Reviewed|Acked|Tested)-by:', text, re.M):
        yield 'a tag that a program must not give'
    if 'Reproduce:' not in text:
        yield 'no way to reproduce it'
    for line in lines:
        if line.startswith('>'):
            if len(line) > LONGEST_QUOTE:
                yield f'a quote of {len(line)} characters'
        elif len(line) > WIDEST_PROSE and not line.startswith((' ', '\t', '$')) and ' ' in line.strip():
            yield f'prose of {len(line)} characters: {line}'
        if re.search(r'[\x00-\x08\x0b-\x1f\x7f]', line):
            yield f'a control character: {line!r}'


def main(path):
    with open(path, encoding='utf-8') as file:
        mails = [text.encode('latin-1') for text in json.load(file)]
    parser = email.parser.BytesParser(policy=email.policy.default)
    for number, raw in enumerate(mails):
        raw = raw.replace(b'\r\n', b'\n')
        mail = parser.parsebytes(raw)
        problems = list(headers(mail))
        if not problems:
            problems = [*encoding(mail, raw), *body(mail.get_content())]
        for problem in problems:
            print(f'{number}: {problem}')
    print(f'{len(mails)} mails')


main(sys.argv[1])
