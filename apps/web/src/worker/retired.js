/*
 * What the development server answers instead of the service worker: it removes the one that `npm start` left on the
 * same address, with what that stored, and shows the pages anew.
 */
self.addEventListener('install', (event) => event.waitUntil(self.skipWaiting()))
self.addEventListener('activate', (event) => event.waitUntil(retire()))

async function retire() {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name.startsWith('tam-shell-')).map((name) => caches.delete(name)))
  await self.registration.unregister()
  for (const client of await self.clients.matchAll({ type: 'window' })) {
    await client.navigate(client.url)
  }
}
