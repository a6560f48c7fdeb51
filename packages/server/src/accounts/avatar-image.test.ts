import { deflateSync } from 'node:zlib'
import { expect, test } from 'bun:test'
import { AppError } from '../errors.ts'
import { AVATAR_SIZE, makeAvatar } from './avatar-image.ts'
import { type Bitmap, decodePng, encodePng } from './png.ts'

/** Three vertical bands, red, green and blue, the middle one as wide as the image is high. */
function bands(width: number, height: number): Bitmap {
  const samples = new Uint8Array(width * height * 3)
  const edge = (width - height) / 2
  for (let x = 0; x < width; x++) {
    const band = x < edge ? 0 : x < width - edge ? 1 : 2
    for (let y = 0; y < height; y++) {
      samples[(y * width + x) * 3 + band] = 255
    }
  }
  return { width, height, channels: 3, samples }
}

async function pixelsOf(image: Uint8Array) {
  const { width, height, channels, samples } = decodePng(await new Bun.Image(image).png().bytes())
  const at = (x: number, y: number) => [
    ...samples.subarray((y * width + x) * channels, (y * width + x) * channels + 3),
  ]
  return { width, height, at }
}

const near = (actual: number[], expected: number[]) =>
  actual.every((value, i) => Math.abs(value - expected[i]!) < 60)

const codeOf = (bytes: Uint8Array) =>
  makeAvatar(bytes).then(
    () => 'ok',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  )

const text = (value: string) => new TextEncoder().encode(value)

for (const [what, encode] of [
  ['PNG', async (png: Uint8Array) => png],
  ['JPEG', (png: Uint8Array) => new Bun.Image(png).jpeg({ quality: 95 }).bytes()],
  ['WebP', (png: Uint8Array) => new Bun.Image(png).webp({ quality: 95 }).bytes()],
] as const) {
  test(`the middle square of a ${what} becomes a WebP of 256 × 256`, async () => {
    for (const [width, height] of [
      [1_200, 400],
      [300, 100],
      [5_000, 300],
    ] as const) {
      const avatar = await makeAvatar(await encode(encodePng(bands(width, height))))
      expect(await new Bun.Image(avatar).metadata()).toEqual({
        width: AVATAR_SIZE,
        height: AVATAR_SIZE,
        format: 'webp',
      })
      const { at } = await pixelsOf(avatar)
      for (const [x, y] of [
        [8, 128],
        [128, 128],
        [247, 128],
        [128, 4],
        [128, 251],
      ] as const) {
        expect([width, x, y, at(x, y), near(at(x, y), [0, 255, 0])]).toEqual([width, x, y, at(x, y), true])
      }
    }
  })
}

test('a GIF becomes its first frame', async () => {
  const avatar = await makeAvatar(gif(2))
  expect(await new Bun.Image(avatar).metadata()).toMatchObject({ width: AVATAR_SIZE, format: 'webp' })
})

test('[U05] EXIF turns the picture, then is gone with all other metadata', async () => {
  const jpeg = await new Bun.Image(encodePng(bands(600, 200))).jpeg({ quality: 95 }).bytes()
  const avatar = await makeAvatar(withExif(jpeg, 6))
  const stored = Buffer.from(avatar).toString('latin1')
  for (const trace of ['Exif', 'XMP', 'GPS', 'ICCP', '10.762622']) {
    expect([trace, stored.includes(trace)]).toEqual([trace, false])
  }
  // Turned, the bands lie; the middle square is still green.
  const { at } = await pixelsOf(avatar)
  expect(near(at(128, 8), [0, 255, 0])).toBe(true)
  expect(near(at(8, 128), [0, 255, 0])).toBe(true)
})

test('[U01] [U02] what is no image is refused, whatever it is called', async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
  const others = [
    text(svg),
    text(`<?xml version="1.0"?>${svg}`),
    text('<!doctype html><script>alert(1)</script>'),
    text('%PDF-1.7\n'),
    text('BM'),
    text('II*\0'),
    new Uint8Array(0),
    new Uint8Array(1_000),
  ]
  for (const bytes of others) {
    expect(await codeOf(bytes)).toBe('unsupported_media_type')
  }
})

test('[U01] of an image that is also HTML, only the pixels survive', async () => {
  const html = text('<html><script>alert(document.domain)</script></html>')
  for (const polyglot of [
    Buffer.concat([encodePng(bands(300, 100)), html]),
    Buffer.concat([gif(1), html]),
    withComment(await new Bun.Image(encodePng(bands(300, 100))).jpeg().bytes(), html),
  ]) {
    expect(Buffer.from(await makeAvatar(polyglot)).includes('script')).toBe(false)
  }
})

test('[U04] a header that claims too many pixels is refused before anything is decoded', async () => {
  const before = process.memoryUsage().rss
  expect(await codeOf(bomb(60_000, 60_000))).toBe('unprocessable_image')
  expect(await codeOf(bomb(40_000_001, 1))).toBe('unprocessable_image')
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024)
})

test('[U04] an animation of too many frames is refused', async () => {
  expect(await codeOf(gif(200))).toBe('ok')
  expect(await codeOf(gif(201))).toBe('unprocessable_image')
  expect(await codeOf(gif(100_000))).toBe('unprocessable_image')
  expect(await codeOf(apng(201))).toBe('unprocessable_image')
  expect(await codeOf(animatedWebp(201))).toBe('unprocessable_image')
})

test('broken images are refused', async () => {
  const png = encodePng(bands(300, 100))
  for (const cut of [8, 20, 33, 60]) {
    expect([cut, await codeOf(png.slice(0, cut))]).toEqual([
      cut,
      cut < 33 ? expect.any(String) : 'unprocessable_image',
    ])
  }
  expect(await codeOf(gif(1).slice(0, 12))).not.toBe('ok')
  expect(await codeOf(text('RIFF\xff\xff\xff\xffWEBPVP8 '))).not.toBe('ok')
})

function pngChunk(name: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, data.length)
  bytes.set(text(name), 4)
  bytes.set(data, 8)
  view.setUint32(8 + data.length, Bun.hash.crc32(bytes.subarray(4, 8 + data.length)))
  return bytes
}

/** A tiny PNG that says it is huge. */
function bomb(width: number, height: number): Uint8Array {
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  header.set([1, 0], 8)
  const signature = encodePng(bands(3, 1)).slice(0, 8)
  const data = deflateSync(new Uint8Array(1_000_000))
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', data),
    pngChunk('IEND', new Uint8Array(0)),
  ])
}

function apng(frames: number): Uint8Array {
  const png = encodePng(bands(3, 1))
  const end = png.length - 12
  const controls = Array.from({ length: frames }, () => pngChunk('fcTL', new Uint8Array(26)))
  return Buffer.concat([
    png.slice(0, 33),
    pngChunk('acTL', new Uint8Array(8)),
    ...controls,
    png.slice(33, end),
    png.slice(end),
  ])
}

function animatedWebp(frames: number): Uint8Array {
  const frame = Buffer.concat([text('ANMF'), Uint8Array.of(17, 0, 0, 0), new Uint8Array(18)])
  const body = Buffer.concat([
    text('WEBPVP8X'),
    Uint8Array.of(10, 0, 0, 0),
    new Uint8Array(10),
    ...Array.from({ length: frames }, () => frame),
  ])
  const length = Buffer.alloc(4)
  length.writeUInt32LE(body.length)
  return Buffer.concat([text('RIFF'), length, body])
}

/** One pixel, `frames` times. */
function gif(frames: number): Uint8Array {
  const header = [...text('GIF89a'), 1, 0, 1, 0, 0x80, 0, 0, 255, 255, 255, 0, 0, 0]
  const control = [0x21, 0xf9, 4, 0, 0, 0, 0, 0]
  const image = [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]
  const frame = Uint8Array.from([...control, ...image])
  const all = Array.from({ length: frames }, () => frame)
  return Buffer.concat([Uint8Array.from(header), ...all, Uint8Array.of(0x3b)])
}

function insertSegment(jpeg: Uint8Array, marker: number, data: Uint8Array): Uint8Array {
  const length = data.length + 2
  return Buffer.concat([
    jpeg.slice(0, 2),
    Uint8Array.of(0xff, marker, length >> 8, length & 255),
    data,
    jpeg.slice(2),
  ])
}

function withComment(jpeg: Uint8Array, comment: Uint8Array): Uint8Array {
  return insertSegment(jpeg, 0xfe, comment)
}

/** EXIF with an orientation and, behind it, text such as a place. */
function withExif(jpeg: Uint8Array, orientation: number): Uint8Array {
  const tiff = Uint8Array.from([
    0x4d,
    0x4d,
    0,
    42,
    0,
    0,
    0,
    8,
    0,
    1,
    1,
    0x12,
    0,
    3,
    0,
    0,
    0,
    1,
    0,
    orientation,
    0,
    0,
    0,
    0,
    0,
    0,
  ])
  return insertSegment(jpeg, 0xe1, Buffer.concat([text('Exif\0\0'), tiff, text('GPS 10.762622,106.660172')]))
}
