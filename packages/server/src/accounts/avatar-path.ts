const PREFIX = '/media/'

/** Where the avatar with this blob key is served. */
export const avatarPath = (key: string) => `${PREFIX}${key}`

/** The blob key of an avatar's path. */
export const avatarKey = (path: string) => path.slice(PREFIX.length)
