import { gzipSync } from 'node:zlib'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { InputError, openCsv, readBytes } from '../src/index.ts'
import { readAll, chunked } from './reading.ts'

const latin1 = (text: string) => Buffer.from(text, 'latin1')
const concat = (...parts: (string | Buffer)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)))

describe('encodings', () => {
  test('a UTF-8 byte order mark is no part of the first column name', async () => {
    const { header, rows } = await readAll('\ufeffname\nJosé\n')
    expect(header).toEqual(['name'])
    expect(rows).toEqual([['José']])
  })

  test.each([
    { name: 'little endian', bytes: Buffer.from('\ufeffname;town\nJosé;Köln 😀\n', 'utf16le') },
    { name: 'big endian', bytes: Buffer.from('\ufeffname;town\nJosé;Köln 😀\n', 'utf16le').swap16() },
  ])('UTF-16, $name, by its byte order mark', async ({ bytes }) => {
    const { header, rows } = await readAll(bytes)
    expect(header).toEqual(['name', 'town'])
    expect(rows).toEqual([['José', 'Köln 😀']])
  })

  test('UTF-16 without a byte order mark is refused with what to do', async () => {
    await expect(readAll(Buffer.from('name;town\nJosé;Köln\n', 'utf16le'))).rejects.toMatchObject({
      code: 'input_binary',
      hint: expect.stringContaining('--encoding utf-16le'),
    })
    const { rows } = await readAll(Buffer.from('name;town\nJosé;Köln\n', 'utf16le'), { encoding: 'utf-16le' })
    expect(rows).toEqual([['José', 'Köln']])
  })

  test('a workbook is refused as what it is', async () => {
    await expect(readAll(Buffer.from('PK\u0003\u0004…'))).rejects.toMatchObject({ code: 'input_binary' })
  })

  test('bytes that are not UTF-8 are read as Windows-1252', async () => {
    const { rows, file } = await readAll(concat('name,price\n', latin1('Ren\xe9,\x80 5\n')))
    expect(rows).toEqual([['René', '€ 5']])
    expect(file.encoding).toMatchObject({ windowsLines: 1, hasUtf8Lines: false })
  })

  test('in a mixed file each line is read as what it is, and the mixture is known', async () => {
    const { rows, file } = await readAll(concat('name\nJosé\n', latin1('Ren\xe9\n'), 'Zoë\n'))
    expect(rows).toEqual([['José'], ['René'], ['Zoë']])
    expect(file.encoding).toMatchObject({ windowsLines: 1, hasUtf8Lines: true })
  })

  test('a line that mixes both is refused, and the next one is read', async () => {
    const { rows, refusals } = await readAll(concat('name,town\n', 'José,', latin1('K\xf6ln\n'), 'Zoë,Gent\n'))
    expect(rows).toEqual([['Zoë', 'Gent']])
    expect(refusals).toMatchObject([{ line: 2, code: 'encoding_mixed' }])
  })

  test('a byte that means nothing in Windows-1252 is refused', async () => {
    const { rows, refusals } = await readAll(concat('name\n', latin1('a\x81b\n'), 'ok\n'))
    expect(rows).toEqual([['ok']])
    expect(refusals).toMatchObject([{ line: 2, code: 'encoding_mixed' }])
  })

  test('a NUL is refused', async () => {
    const { rows, refusals } = await readAll('name\nwith a \0 inside, long enough\nok\n', { delimiter: ';' })
    expect(rows).toEqual([['ok']])
    expect(refusals).toMatchObject([{ line: 2, code: 'text_nul' }])
  })

  test('composed and decomposed letters, right-to-left overrides and emoji are kept exactly', async () => {
    const cells = ['José', 'Jose\u0301', '\u202Eevil', '👩‍👩‍👧', 'a' + '\u0301'.repeat(5000), 'Раураl']
    const { rows } = await readAll(`name\n${cells.join('\n')}\n`)
    expect(rows.map(([cell]) => cell)).toEqual(cells)
  })
})

describe('delimiters and line ends', () => {
  test.each([
    { name: 'comma', text: 'a,b\n1,2\n' },
    { name: 'semicolon', text: 'a;b\n1;2\n' },
    { name: 'tab', text: 'a\tb\n1\t2\n' },
    { name: 'pipe', text: 'a|b\n1|2\n' },
    { name: 'CRLF', text: 'a,b\r\n1,2\r\n' },
    { name: 'CR only', text: 'a,b\r1,2\r' },
    { name: 'no last line end', text: 'a,b\n1,2' },
    { name: 'blank lines', text: '\n\na,b\n\n1,2\n,\n\n' },
    { name: 'Excel’s sep line', text: 'sep=;\r\na;b\r\n1;2\r\n' },
  ])('$name', async ({ text }) => {
    const { header, rows, refusals } = await readAll(text)
    expect({ header, rows, refusals }).toEqual({ header: ['a', 'b'], rows: [['1', '2']], refusals: [] })
  })

  test('decimal commas do not make a semicolon file a comma file', async () => {
    const { rows } = await readAll('price;size\n1,5;2,5\n3,5;4,5\n')
    expect(rows).toEqual([
      ['1,5', '2,5'],
      ['3,5', '4,5'],
    ])
  })

  test('a lone CR in a file with LF is a character like any other', async () => {
    const { rows } = await readAll('a,b\n1\r1,2\n')
    expect(rows).toEqual([['1\r1', '2']])
  })

  test('lines are counted as an editor counts them, quoted line ends included', async () => {
    const { file } = await readAll('a,b\n"1\n1","2\r\n2"\n3,4\n')
    expect(file.lines).toEqual([2, 5])
  })

  test('lines are counted in a CR-only file', async () => {
    const { file } = await readAll('a,b\r"1\r1",2\r3,4\r')
    expect(file.lines).toEqual([2, 4])
  })
})

describe('quotes', () => {
  test('quoted delimiters, line ends and doubled quotes are kept', async () => {
    const { rows } = await readAll('a,b\n"x,y","say ""hi""\nthere"\n"",""\n"",z\n')
    expect(rows).toEqual([
      ['x,y', 'say "hi"\nthere'],
      ['', 'z'],
    ])
  })

  test('a quote inside a plain cell is a character', async () => {
    const { rows } = await readAll('a,b\n5" pipe,x\n')
    expect(rows).toEqual([['5" pipe', 'x']])
  })

  test('an unclosed quote is reported on the line where it opened, and the other rows are read', async () => {
    const { rows, refusals } = await readAll('a,b\n1,x\n2,"open\n3,y\n4,z\n')
    expect(rows).toEqual([
      ['1', 'x'],
      ['3', 'y'],
      ['4', 'z'],
    ])
    expect(refusals).toEqual([
      { line: 3, code: 'quote_unclosed', reason: 'a quote opens on this line and is not closed', row: '2,"open' },
    ])
  })

  test('an unclosed quote that a later row’s quote would close is still reported where it opened', async () => {
    const { rows, refusals } = await readAll('a,b,c\n1,"open,x\n2,"good",y\n3,"fine",z\n')
    expect(rows).toEqual([
      ['2', 'good', 'y'],
      ['3', 'fine', 'z'],
    ])
    expect(refusals).toMatchObject([{ line: 2, code: 'quote_unclosed' }])
  })

  test('the line is that of the quote, not that of the row', async () => {
    const { refusals } = await readAll('a,b\n"1\n1","open\n')
    expect(refusals).toMatchObject([{ line: 3, code: 'quote_unclosed', row: '"1\n1","open' }])
  })

  test('text after a closing quote is refused', async () => {
    const { rows, refusals } = await readAll('a,b\n"x"y,1\n2,3\n')
    expect(rows).toEqual([['2', '3']])
    expect(refusals).toMatchObject([{ line: 2, code: 'quote_malformed' }])
  })

  test('an unclosed quote in front of megabytes costs one row and bounded time', async () => {
    const count = 200_000
    const { rows, refusals } = await readAll(`a,b\n0,"open\n${'1,row of some length\n'.repeat(count)}`)
    expect(refusals).toMatchObject([{ line: 2, code: 'quote_unclosed' }])
    expect(rows).toHaveLength(count)
  })

  test('a row without end is refused and the next one is read', async () => {
    const { rows, refusals } = await readAll(`a,b\n${'x'.repeat(3_000_000)},1\n2,3\n`)
    expect(rows).toEqual([['2', '3']])
    expect(refusals).toMatchObject([{ line: 2, code: 'row_too_long' }])
    expect(refusals[0]!.row.length).toBeLessThan(70_000)
  })
})

describe('columns', () => {
  const wide = (columns: number) => `${Array.from({ length: columns }, (_, at) => `c${at}`).join(',')}\n`

  test('500 are read, 501 and 10,000 are refused', async () => {
    expect((await readAll(wide(500))).header).toHaveLength(500)
    await expect(readAll(wide(501))).rejects.toMatchObject({ code: 'columns_too_many', message: '501 columns' })
    await expect(readAll(wide(10_000))).rejects.toThrow(InputError)
  })

  test('ragged rows are refused with line and reason', async () => {
    const { rows, refusals } = await readAll('a,b,c\n1,2,3\n1,2\n1,2,3,4\n4,5,6\n')
    expect(rows).toEqual([
      ['1', '2', '3'],
      ['4', '5', '6'],
    ])
    expect(refusals).toEqual([
      { line: 3, code: 'row_ragged', reason: '2 cells where the header has 3', row: '1,2' },
      { line: 4, code: 'row_ragged', reason: '4 cells where the header has 3', row: '1,2,3,4' },
    ])
  })

  test('text stays text', async () => {
    const cells = ['00123', '1E5', 'TRUE', '1234567890123456', '1e400', '-0', '9007199254740993', '01/02/2026']
    const { rows } = await readAll(`v\n${cells.join('\n')}\n`)
    expect(rows.map(([cell]) => cell)).toEqual(cells)
  })

  test('an empty file is refused', async () => {
    await expect(readAll('')).rejects.toMatchObject({ code: 'input_empty' })
    await expect(readAll('\n\n')).rejects.toMatchObject({ code: 'input_empty' })
  })
})

describe('files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-io-'))
  const file = (name: string, bytes: Buffer | string) => {
    const path = join(folder, name)
    writeFileSync(path, bytes)
    return path
  }
  const count = async (path: string) => {
    const csv = await openCsv(readBytes(path))
    let rows = 0
    for await (const batch of csv.batches) rows += batch.rows.length
    return rows
  }

  test('gzip is unpacked, whatever the file is called', async () => {
    const rows = 'a,b\n' + '1,2\n'.repeat(100_000)
    expect(await count(file('a.csv.gz', gzipSync(rows)))).toBe(100_000)
    expect(await count(file('b.csv', gzipSync(rows)))).toBe(100_000)
  })

  test('a gzip file that is cut short is refused', async () => {
    const cut = gzipSync('a,b\n' + '1,2\n'.repeat(100_000)).subarray(0, 200)
    await expect(count(file('cut.csv.gz', cut))).rejects.toMatchObject({ code: 'input_gzip_damaged' })
  })

  test('a file that is not there, and a folder', async () => {
    await expect(count(join(folder, 'none.csv'))).rejects.toMatchObject({ code: 'input_not_found' })
    await expect(count(folder)).rejects.toMatchObject({ code: 'input_unreadable' })
  })
})

test('it does not matter where the bytes are cut', async () => {
  const bytes = concat('a,b\r\n"x\r\ny","é,😀"\r\n', latin1('Ren\xe9,1\r\n'), '"open,1\r\n3,"q""q"\r\n5,6\r\n7,8,9\r\n')
  const whole = await readAll(bytes)
  expect(whole.rows).toEqual([
    ['x\r\ny', 'é,😀'],
    ['René', '1'],
    ['3', 'q"q'],
    ['5', '6'],
  ])
  for (let size = 1; size <= 17; size++) {
    const cut = await readAll(chunked(bytes, size))
    expect({ size, rows: cut.rows, refusals: cut.refusals }).toEqual({
      size,
      rows: whole.rows,
      refusals: whole.refusals,
    })
  }
})
