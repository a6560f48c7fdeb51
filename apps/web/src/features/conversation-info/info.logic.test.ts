import { describe, expect, test } from 'bun:test'
import type { Member, Role } from '@tam/protocol'
import { createFormats } from '../../i18n/formats.ts'
import { isLastOwner, mayManage, powersOver, sortMembers } from './info.logic.ts'

const member = (name: string, role: Role): Member => ({
  user: { id: name, username: name, name, avatar: null, bio: '', status: '' },
  role,
  read: null,
})

test('owners first, then admins, then members; each by name', () => {
  const { compare } = createFormats('vi', ['vi-VN'])
  const sorted = sortMembers(
    [
      member('Yến', 'member'),
      member('Đạt', 'member'),
      member('Dũng', 'member'),
      member('Mai', 'admin'),
      member('Trúc', 'owner'),
    ],
    compare,
  )
  expect(sorted.map(({ user }) => user.name)).toEqual(['Trúc', 'Mai', 'Dũng', 'Đạt', 'Yến'])
})

test('the last owner cannot leave the others; alone, or with another owner, anybody can', () => {
  const truc = member('truc', 'owner')
  const others = [member('dat', 'admin'), member('mai', 'member')]
  expect(isLastOwner([truc, ...others], 'truc')).toBe(true)
  expect(isLastOwner([truc, ...others], 'dat')).toBe(false)
  expect(isLastOwner([truc, member('an', 'owner'), ...others], 'truc')).toBe(false)
  expect(isLastOwner([truc], 'truc')).toBe(false)
})

describe('powers over another member', () => {
  const over = (own: Role, role: Role) => powersOver(own, { role, isMe: false, owners: 2 })

  test('a member has none', () => {
    expect(over('member', 'member')).toEqual({ remove: false, roles: [] })
  })

  test('an admin removes members only and gives no role', () => {
    expect(over('admin', 'member')).toEqual({ remove: true, roles: [] })
    expect(over('admin', 'admin').remove).toBe(false)
    expect(over('admin', 'owner').remove).toBe(false)
  })

  test('an owner removes anybody and gives any other role', () => {
    expect(over('owner', 'owner')).toEqual({ remove: true, roles: ['admin', 'member'] })
    expect(over('owner', 'member').roles).toEqual(['owner', 'admin'])
  })

  test('nobody removes themself: that is leaving', () => {
    expect(powersOver('owner', { role: 'owner', isMe: true, owners: 2 }).remove).toBe(false)
  })

  test('an owner steps down while another remains', () => {
    const overMe = (owners: number) => powersOver('owner', { role: 'owner', isMe: true, owners }).roles
    expect(overMe(2)).toEqual(['admin', 'member'])
    expect(overMe(1)).toEqual([])
  })
})

test('admins and owners manage', () => {
  expect((['member', 'admin', 'owner'] as const).map(mayManage)).toEqual([false, true, true])
})
