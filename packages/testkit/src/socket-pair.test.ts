import { expect, test } from 'bun:test'
import { seededRandom } from '@tam/util'
import { TestSocketPair } from './socket-pair.ts'

function pairWithEars(): { pair: TestSocketPair; heard: string[] } {
  const pair = new TestSocketPair()
  const heard: string[] = []
  pair.server.onFrame = (text) => heard.push(`server: ${text}`)
  pair.server.onClose = (code) => heard.push(`server closed ${code}`)
  pair.client.onFrame = (text) => heard.push(`client: ${text}`)
  pair.client.onClose = (code) => heard.push(`client closed ${code}`)
  return { pair, heard }
}

test('frames travel only when told, in order, one direction at a time', () => {
  const { pair, heard } = pairWithEars()
  pair.client.send('một')
  pair.client.send('hai')
  pair.server.send('chào')
  expect(heard).toEqual([])
  expect(pair.flush('up', 1)).toBe(1)
  expect(heard).toEqual(['server: một'])
  expect(pair.settle()).toBe(2)
  expect(heard).toEqual(['server: một', 'server: hai', 'client: chào'])
})

test('a close comes after the frames before it, and nothing comes after it', () => {
  const { pair, heard } = pairWithEars()
  pair.server.send('tạm biệt')
  pair.server.close(4412, 'draining')
  pair.server.send('quá muộn')
  pair.settle()
  expect(heard).toEqual(['client: tạm biệt', 'client closed 4412'])
  expect(pair.open).toBe(false)
})

test('a cut loses what travels, and both ends learn of it once', () => {
  const { pair, heard } = pairWithEars()
  pair.client.send('mất')
  pair.cut()
  pair.cut()
  pair.settle()
  expect(heard).toEqual(['server closed 1006', 'client closed 1006'])
})

test('frames can be exchanged and doubled, closes cannot', () => {
  const { pair, heard } = pairWithEars()
  pair.client.send('một')
  pair.client.send('hai')
  pair.reorder('up', seededRandom(1))
  pair.duplicate('up', { float: () => 0, bytes: () => new Uint8Array() })
  pair.client.close()
  pair.duplicate('up', { float: () => 0.99, bytes: () => new Uint8Array() })
  pair.settle()
  expect(heard).toEqual(['server: hai', 'server: hai', 'server: một', 'server closed 1000'])
})
