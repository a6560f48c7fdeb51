import { blobsContract } from './blobs.contract.ts'
import { MemoryBlobs } from './blobs.memory.ts'

blobsContract('memory', async () => new MemoryBlobs())
