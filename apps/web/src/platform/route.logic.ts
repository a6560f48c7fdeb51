/** Every place the application can be at. `seq` centres the message of that position. */
export type Route =
  | { readonly name: 'home' }
  | { readonly name: 'conversation'; readonly id: string; readonly seq?: number }
  | { readonly name: 'invite'; readonly token: string }
  | { readonly name: 'login' }
  | { readonly name: 'register' }
  | { readonly name: 'not-found' }

const SERVER_ID = /^[A-Za-z0-9_-]{1,22}$/
const TOKEN = /^[A-Za-z0-9_-]{1,128}$/
const SEQ = /^[1-9]\d{0,15}$/

/** The route of a URL path; links to conversations and messages are stable: `/c/<id>` and `/c/<id>/<seq>`. */
export function parseRoute(path: string): Route {
  const [head = '', first, second, ...rest] = path.replace(/^\/|\/$/g, '').split('/')
  if (rest.length > 0) {
    return { name: 'not-found' }
  }
  if (head === 'c' && first !== undefined && SERVER_ID.test(first)) {
    return conversationRoute(first, second)
  }
  if (head === 'i' && first !== undefined && TOKEN.test(first) && second === undefined) {
    return { name: 'invite', token: first }
  }
  if (first === undefined && (head === 'login' || head === 'register')) {
    return { name: head }
  }
  return head === '' ? { name: 'home' } : { name: 'not-found' }
}

function conversationRoute(id: string, seq: string | undefined): Route {
  if (seq === undefined) {
    return { name: 'conversation', id }
  }
  return SEQ.test(seq) ? { name: 'conversation', id, seq: Number(seq) } : { name: 'not-found' }
}

/** The URL path of a route; the inverse of `parseRoute`. */
export function routePath(route: Route): string {
  switch (route.name) {
    case 'home':
      return '/'
    case 'conversation':
      return route.seq === undefined ? `/c/${route.id}` : `/c/${route.id}/${route.seq}`
    case 'invite':
      return `/i/${route.token}`
    case 'login':
      return '/login'
    case 'register':
      return '/register'
    case 'not-found':
      return '/not-found'
  }
}
