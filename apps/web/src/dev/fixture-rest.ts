import type { Rest, SessionState } from '@tam/client'
import { TamError } from '@tam/client'
import { fold, type Conversation, type InviteSummary, type Login, type Me, type Member } from '@tam/protocol'
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
export function createFixtureRest(options: RestOptions): Rest {
  return {
    ...accountRest(options),
    ...peopleRest(),
    ...conversationRest(options),
    ...doorRest(options),
    ...inviteRest(),
  }
}

function accountRest({
  session,
}: RestOptions): Pick<Rest, 'patchMe' | 'uploadAvatar' | 'changePassword' | 'logins' | 'revokeLogin'> {
  const patch = (body: Partial<Me>) => {
    const state = session.get()
    const next = { ...(state.status === 'signed-in' ? state.me : me), ...body }
    session.set({ status: 'signed-in', me: next })
    return next
  }
  return {
    patchMe: async (body) => patch(without(body)),
    uploadAvatar: async (image) => patch({ avatar: URL.createObjectURL(image) }),
    async changePassword({ current }) {
      if (current === 'sai') {
        throw new TamError('invalid_credentials')
      }
    },
    logins: async () => [...logins],
    async revokeLogin(id) {
      logins.splice(
        logins.findIndex((login) => login.id === id),
        1,
      )
    },
  }
}

function peopleRest(): Pick<Rest, 'searchUsers' | 'user'> {
  return {
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
  }
}

const usernameOf = (id: string) => people.find((one) => one.id === id)?.username ?? 'huong.pham'

function conversationRest({
  add,
  remove,
  members,
}: RestOptions): Pick<
  Rest,
  'createConversation' | 'patchConversation' | 'members' | 'addMembers' | 'setRole' | 'removeMember'
> {
  const fresh = { talk: 'chat', head: 1, minutesAgo: 0, role: 'owner' } as const
  return {
    async createConversation(body) {
      if (body.kind === 'direct') {
        const peer = usernameOf(body.userId)
        const id = `d_${peer.replaceAll('.', '_')}`
        return add({ ...fresh, id, kind: 'direct', title: null, members: [peer], head: 64 })
      }
      const names = (body.memberIds ?? []).map(usernameOf)
      const id = `n_${body.title.length}_${names.length}`
      return add({ ...fresh, id, kind: body.kind, title: body.title, members: names })
    },
    patchConversation: async (id, { title = '' }) =>
      add({ ...fresh, id, kind: 'group', title, members: ['huong.pham'] }),
    members: async (id) => [...members(id)],
    addMembers: async (id) => [...members(id)],
    setRole: async () => {},
    removeMember: async (id, user) => (user === me.id ? remove(id) : undefined),
  }
}

function doorRest({
  add,
}: RestOptions): Pick<Rest, 'browseChannels' | 'joinChannel' | 'invitePreview' | 'acceptInvite'> {
  const join = (id: string, title: string) =>
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
  const reunion = { id: 'x_moi', kind: 'group', title: 'Họp lớp 12A2 – 20 năm', memberCount: 31 } as const
  return {
    browseChannels: async (query) => channels.filter(({ title }) => fold(title).includes(fold(query))),
    joinChannel: async (id) => join(id, channels.find((one) => one.id === id)?.title ?? id),
    async invitePreview(token) {
      if (token === 'expired') {
        throw new TamError('invite_unusable')
      }
      return { conversation: reunion, joined: false }
    },
    acceptInvite: async () => join(reunion.id, reunion.title),
  }
}

function inviteRest(): Pick<Rest, 'createInvite' | 'invites' | 'revokeInvite'> {
  const url = `${window.location.origin}/i/wq8Zt3kLmN0pRs5v`
  let open: readonly InviteSummary[] = [
    {
      id: 'loi_moi_2',
      by: me.id,
      createdAt: '2026-11-21T08:12:00.000Z',
      expiresAt: '2026-11-28T08:12:00.000Z',
      maxUses: null,
      uses: 12,
    },
    {
      id: 'loi_moi_1',
      by: 'u01_huongpham',
      createdAt: '2026-11-17T02:30:00.000Z',
      expiresAt: '2026-12-17T02:30:00.000Z',
      maxUses: 10,
      uses: 3,
    },
  ]
  return {
    async createInvite() {
      const made: InviteSummary = {
        id: `loi_moi_${open.length + 3}`,
        by: me.id,
        createdAt: '2026-11-22T07:00:00.000Z',
        expiresAt: '2026-11-29T07:00:00.000Z',
        maxUses: null,
        uses: 0,
      }
      open = [made, ...open]
      return { ...made, token: 'fixture', url }
    },
    invites: async () => [...open],
    async revokeInvite(_conversation, invite) {
      open = open.filter(({ id }) => id !== invite)
    },
  }
}

function without<T extends object>(body: T): Partial<Me> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as Partial<
    typeof me
  >
}
