import type { Rest, SessionState } from '@tam/client'
import { TamError } from '@tam/client'
import { fold, type Conversation, type Login, type Member } from '@tam/protocol'
import type { State } from '../platform/state.ts'
import type { FixtureConversation } from './fixture-conversations.ts'
import { me, people } from './fixture-people.ts'

interface RestOptions {
  readonly session: State<SessionState>
  readonly add: (source: FixtureConversation) => Conversation
  readonly remove: (id: string) => void
  readonly members: (id: string) => readonly Member[]
}

const logins: Login[] = [
  {
    id: 'login-1',
    current: true,
    device: 'Firefox · Linux',
    createdAt: '2026-11-20T03:00:00.000Z',
    lastUsedAt: '2026-11-22T07:00:00.000Z',
  },
  {
    id: 'login-2',
    current: false,
    device: 'Chrome · Android',
    createdAt: '2026-10-02T03:00:00.000Z',
    lastUsedAt: '2026-11-21T14:00:00.000Z',
  },
  {
    id: 'login-3',
    current: false,
    device: 'Safari · macOS',
    createdAt: '2026-08-14T03:00:00.000Z',
    lastUsedAt: '2026-09-30T09:00:00.000Z',
  },
]

const channels = [
  {
    id: 'x_tinhthan',
    title: 'tinh-thần-khởi-nghiệp',
    topic: 'Chia sẻ sách, chuyện làm ăn',
    memberCount: 42,
    joined: false,
  },
  {
    id: 'x_caphe',
    title: 'cà-phê-sáng',
    topic: 'Gặp nhau lúc 8 giờ ở quán đầu ngõ',
    memberCount: 17,
    joined: false,
  },
  { id: 'x_nhac', title: 'nhạc-trịnh', topic: '', memberCount: 9, joined: false },
  { id: 'c_kythuat', title: 'ky-thuat', topic: 'Hệ thống, sự cố, phát hành', memberCount: 61, joined: true },
]

/** REST answers of the fixture; what changes something changes what is on screen. */
export function createFixtureRest({ session, add, remove, members }: RestOptions): Rest {
  const joined = (id: string, title: string) =>
    add({
      id,
      kind: 'channel',
      title,
      public: true,
      members: ['huong.pham'],
      talk: 'chat',
      head: 40,
      minutesAgo: 0,
    })
  return {
    async patchMe(body) {
      const state = session.get()
      const next = { ...(state.status === 'signed-in' ? state.me : me), ...without(body) }
      session.set({ status: 'signed-in', me: next })
      return next
    },
    async uploadAvatar(image) {
      return this.patchMe({ avatar: URL.createObjectURL(image) } as never)
    },
    async changePassword({ current }) {
      if (current === 'sai') {
        throw new TamError('invalid_credentials')
      }
    },
    logins: async () => logins,
    async revokeLogin(id) {
      logins.splice(
        logins.findIndex((login) => login.id === id),
        1,
      )
    },
    async searchUsers(query) {
      const needle = fold(query)
      return people.filter(({ name, username }) => fold(`${name} ${username}`).includes(needle))
    },
    async user(id) {
      const found = people.find((one) => one.id === id)
      if (found === undefined) {
        throw new TamError('not_found')
      }
      return found
    },
    async createConversation(body) {
      if (body.kind === 'direct') {
        const peer = people.find((one) => one.id === body.userId)?.username ?? 'huong.pham'
        return add({
          id: `d_${peer.replaceAll('.', '_')}`,
          kind: 'direct',
          title: null,
          members: [peer],
          talk: 'work',
          head: 64,
          minutesAgo: 0,
        })
      }
      const names = (body.memberIds ?? []).map(
        (id) => people.find((one) => one.id === id)?.username ?? 'huong.pham',
      )
      return add({
        id: `n_${body.title.length}_${names.length}`,
        kind: body.kind,
        title: body.title,
        members: names,
        talk: 'chat',
        head: 1,
        minutesAgo: 0,
        role: 'owner',
      })
    },
    patchConversation: async (id, body) =>
      add({
        id,
        kind: 'group',
        title: body.title ?? '',
        members: ['huong.pham'],
        talk: 'chat',
        head: 40,
        minutesAgo: 0,
        role: 'owner',
      }),
    browseChannels: async (query) => channels.filter(({ title }) => fold(title).includes(fold(query))),
    joinChannel: async (id) => joined(id, channels.find((one) => one.id === id)?.title ?? id),
    members: async (id) => [...members(id)],
    addMembers: async (id) => [...members(id)],
    setRole: async () => {},
    removeMember: async (id, user) => (user === me.id ? remove(id) : undefined),
    createInvite: async () => ({
      token: 'fixture',
      url: `${window.location.origin}/i/wq8Zt3kLmN0pRs5v`,
      expiresAt: '2026-11-29T07:00:00.000Z',
      maxUses: null,
      uses: 0,
    }),
    async invitePreview(token) {
      if (token === 'expired') {
        throw new TamError('invite_unusable')
      }
      return {
        conversation: { id: 'x_moi', kind: 'group', title: 'Họp lớp 12A2 – 20 năm', memberCount: 31 },
        joined: false,
      }
    },
    acceptInvite: async () => joined('x_moi', 'Họp lớp 12A2 – 20 năm'),
  }
}

function without<T extends object>(body: T): Partial<typeof me> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as Partial<
    typeof me
  >
}
