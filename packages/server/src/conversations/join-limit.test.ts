import { expect, test } from 'bun:test'
import { CONVERSATIONS_MAX } from './limits.ts'
import { expectCode } from './tests/expect-code.ts'
import { Store, createWorld } from './tests/world.ts'

test('[LM] whoever is in 2,000 conversations enters no other, and stays in those', async () => {
  const store = new Store()
  const { conversations } = createWorld(store)
  const channel = async (title: string) =>
    (await conversations.createChannel('binh', { title, public: true })).conversation.id
  const [known, other] = [await channel('Quen'), await channel('Lạ')]
  const { token } = await conversations.createInvite('binh', other, {})
  await conversations.joinChannel('an', known)
  await conversations.createDirect('an', 'binh')
  const put = Array.from({ length: CONVERSATIONS_MAX - 2 }, (_, i) => ({
    key: `conv/cu-${i}`,
    value: JSON.stringify({ kind: 'group', seq: 1 }),
  }))
  await store.commit('user/an', { put })
  await expectCode(conversations.createDirect('an', 'chi'), 'forbidden')
  await expectCode(conversations.createGroup('an', { title: 'Nhóm' }), 'forbidden')
  await expectCode(conversations.createChannel('an', { title: 'Kênh' }), 'forbidden')
  await expectCode(conversations.joinChannel('an', other), 'forbidden')
  await expectCode(conversations.acceptInvite('an', token), 'forbidden')
  expect((await conversations.createDirect('an', 'binh')).created).toBe(false)
  expect((await conversations.joinChannel('an', known)).id).toBe(known)
  // Others may still write to them.
  expect((await conversations.createDirect('chi', 'an')).created).toBe(true)
})
