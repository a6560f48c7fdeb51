import { expect, spyOn, test } from 'bun:test'
import { AppError } from '../errors.ts'
import { ARGON2ID_COST, Passwords } from './passwords.ts'
import { TEST_HASH_COST } from './tests/setup.ts'

test('hashes are argon2id at the OWASP minimum', async () => {
  const passwords = await Passwords.create({ cost: ARGON2ID_COST, concurrency: 1 })
  const hash = await passwords.hash('mật khẩu dài')
  expect(hash).toStartWith('$argon2id$v=19$m=19456,t=2,p=1$')
  expect(passwords.needsRehash(hash)).toBe(false)
  expect(await passwords.verify('mật khẩu dài', hash)).toBe(true)
})

test('without a hash the answer is no, after a verification', async () => {
  const passwords = await Passwords.create({ cost: TEST_HASH_COST, concurrency: 1 })
  const verify = spyOn(Bun.password, 'verify')
  expect(await passwords.verify('mật khẩu dài', undefined)).toBe(false)
  expect(verify).toHaveBeenCalledTimes(1)
  verify.mockRestore()
})

test('never more hashes at once than cores, and a full queue refuses', async () => {
  const passwords = await Passwords.create({ cost: TEST_HASH_COST, concurrency: 2 })
  let running = 0
  let most = 0
  const finish: (() => void)[] = []
  const hash = spyOn(Bun.password, 'hash').mockImplementation(async () => {
    most = Math.max(most, ++running)
    await new Promise<void>((resolve) => finish.push(resolve))
    running--
    return 'hash'
  })
  const asked = Array.from({ length: 2 + 2 * 32 }, () => passwords.hash('x'))
  const refused = await passwords.hash('x').catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(AppError)
  expect((refused as AppError).code).toBe('rate_limited')
  for (let done = 0; done < asked.length; done++) {
    finish.shift()?.()
    await Bun.sleep(0)
  }
  await Promise.all(asked)
  hash.mockRestore()
  expect(most).toBe(2)
})
