import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import { Person } from './person.ts'
import { RealServer } from './real-server.ts'

let browser: Browser
let server: RealServer

beforeAll(async () => {
  server = await RealServer.start()
  browser = await launchChromium()
}, 60_000)

afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

let people = 0
const register = (name: string) => Person.register(browser, server.url, name, `nguoi.${++people}`)
const list = ({ page }: Person) => page.getByRole('navigation', { name: 'Các cuộc trò chuyện' })

async function createGroup(owner: Person, title: string, members: readonly Person[]): Promise<void> {
  const { page } = owner
  await page.getByRole('button', { name: 'Cuộc trò chuyện mới' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Nhóm', { exact: true }).click()
  await dialog.getByLabel('Tên nhóm').fill(title)
  for (const { name, username } of members) {
    await dialog.getByLabel('Thành viên').fill(username)
    await dialog.getByRole('checkbox', { name: new RegExp(name) }).check()
  }
  await dialog.getByRole('button', { name: 'Tạo nhóm' }).click()
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
}

/** Makes accounts of these names and adds them to the group that `owner` has open, one call for all. */
async function addByApi(owner: Person, names: readonly string[]): Promise<void> {
  const call = async (path: string, body: unknown, token = '') => {
    const answer = await fetch(server.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    })
    expect(answer.ok).toBe(true)
    return (await answer.json()) as { accessToken: string; user: { id: string } }
  }
  const password = `mật khẩu của ${owner.username}`
  const userIds: string[] = []
  for (const name of names) {
    const made = await call('/api/register', { name, username: `nguoi.${++people}`, password })
    userIds.push(made.user.id)
  }
  const { accessToken } = await call('/api/login', { login: owner.username, password })
  const id = new URL(owner.page.url()).pathname.split('/').at(-1)
  await call(`/api/conversations/${id}/members`, { userIds }, accessToken)
}

const openInfo = ({ page }: Person) => page.getByRole('button', { name: 'Thành viên và thông tin' }).click()

describe('[S15] groups', () => {
  test('a group is made, its members see it, write in it and see the new name at once', async () => {
    await using truc = await register('Đặng Thanh Trúc')
    await using mai = await register('Hồ Xuân Mai')
    await using an = await register('Phan Đình Ẩn')
    await createGroup(truc, 'Về Huế dịp Tết', [mai, an])
    await mai.open('Về Huế dịp Tết')
    await mai.write('Mình đi tàu nhé')
    await list(truc).getByText('Về Huế dịp Tết').waitFor()
    await truc.sees(['Mình đi tàu nhé'])
    await openInfo(truc)
    await truc.page.getByRole('button', { name: 'Sửa tên và chủ đề' }).click()
    await truc.page.getByLabel('Tên', { exact: true }).fill('Về Huế mùa hoa')
    await truc.page.getByRole('button', { name: 'Lưu' }).click()
    await an.open('Về Huế mùa hoa')
    await mai.page.getByRole('heading', { level: 1, name: 'Về Huế mùa hoa' }).waitFor()
  }, 40_000)

  test('many people added at once are one line, which names them all when asked', async () => {
    await using truc = await register('Đặng Thanh Trúc')
    await createGroup(truc, 'Họp mặt khóa 98', [])
    const names = ['Lê Văn Bốn', 'Vũ Thị Năm', 'Đỗ Văn Sáu', 'Ngô Thị Bảy', 'Hồ Văn Tám']
    await addByApi(truc, names)
    const line = truc.page.getByRole('article', { name: /đã thêm .* và 3 người khác/ })
    await line.waitFor()
    expect(await truc.page.getByRole('article', { name: /đã thêm/ }).count()).toBe(1)
    await line.getByRole('button', { name: 'Hiện tất cả' }).click()
    await line.getByText(names.join(', ')).waitFor()
    expect(await line.getByRole('button', { name: 'Thu gọn' }).getAttribute('aria-expanded')).toBe('true')
    await line.focus()
    await truc.page.keyboard.press('ArrowUp')
    expect(await truc.page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toContain(
      'đã tạo',
    )
  }, 60_000)

  test('[SND-03 C12] who is removed while they write offline finds what was refused, and the draft', async () => {
    await using truc = await register('Đặng Thanh Trúc')
    await using kiet = await register('Bùi Tuấn Kiệt')
    const { page, context } = kiet
    await createGroup(truc, 'Giỗ ông nội', [kiet])
    await kiet.open('Giỗ ông nội')
    await context.setOffline(true)
    await page.getByRole('button', { name: 'Thử ngay' }).waitFor({ timeout: 20_000 })
    await kiet.write('Cháu xin góp mâm xôi gấc')
    await kiet.composer.fill('và hai cân giò')
    await openInfo(truc)
    await truc.page.getByRole('button', { name: 'Tùy chọn cho Bùi Tuấn Kiệt' }).click()
    await truc.page.getByRole('menuitem', { name: 'Đưa ra khỏi cuộc trò chuyện' }).click()
    await truc.page.getByRole('dialog').getByRole('button', { name: 'Đưa ra khỏi cuộc trò chuyện' }).click()
    // Stored before that it would be said, and gone from sight with the rest.
    await truc.page.getByText('đã đưa Bùi Tuấn Kiệt ra khỏi').first().waitFor()
    await context.setOffline(false)
    const draft = page.getByRole('group', { name: 'Bản nháp của bạn' })
    const isThere = async () => {
      await page.getByText(/^Bạn không còn ở trong .* không thể gửi tin/).waitFor({ timeout: 30_000 })
      await kiet.sees(['Cháu xin góp mâm xôi gấc'])
      await page.getByRole('heading', { level: 1, name: 'Giỗ ông nội' }).waitFor()
      await page.getByText('Không gửi được').first().waitFor()
      await draft.getByText('và hai cân giò').waitFor()
      // It could only be refused again.
      expect(await page.getByRole('button', { name: 'Thử lại' }).count()).toBe(0)
    }
    await isThere()
    await page.reload()
    await isThere()
    await page.goto(server.url)
    await list(kiet).getByRole('region', { name: 'Chưa gửi được' }).getByText('Giỗ ông nội').click()
    await isThere()
    await draft.getByRole('button', { name: 'Xóa bản nháp' }).click()
    await page.getByRole('button', { name: 'Xóa', exact: true }).click()
    await draft.getByText('Cháu xin góp mâm xôi gấc').waitFor()
    await draft.getByRole('button', { name: 'Xóa bản nháp' }).click()
    await page.getByRole('heading', { name: 'Không tìm thấy cuộc trò chuyện' }).waitFor()
    expect(await list(kiet).getByText('Giỗ ông nội').count()).toBe(0)
    expect(kiet.errors).toEqual([])
  }, 90_000)

  test('[SND-03] what was refused while one was away says so no more once one is back, and can be sent', async () => {
    await using truc = await register('Đặng Thanh Trúc')
    await using kiet = await register('Bùi Tuấn Kiệt')
    await createGroup(truc, 'Giỗ bà ngoại', [kiet])
    await kiet.open('Giỗ bà ngoại')
    await kiet.context.setOffline(true)
    await kiet.page.getByRole('button', { name: 'Thử ngay' }).waitFor({ timeout: 20_000 })
    await kiet.write('Cháu xin góp nải chuối')
    await openInfo(truc)
    await truc.page.getByRole('button', { name: 'Tùy chọn cho Bùi Tuấn Kiệt' }).click()
    await truc.page.getByRole('menuitem', { name: 'Đưa ra khỏi cuộc trò chuyện' }).click()
    await truc.page.getByRole('dialog').getByRole('button', { name: 'Đưa ra khỏi cuộc trò chuyện' }).click()
    await truc.page.getByText('đã đưa Bùi Tuấn Kiệt ra khỏi').first().waitFor()
    await truc.page.getByRole('button', { name: 'Tạo liên kết mời' }).click()
    const link = await truc.page.getByLabel('Liên kết mời').inputValue()
    await kiet.context.setOffline(false)
    const reason = kiet.page.getByText(/bạn không còn ở trong cuộc trò chuyện/)
    await reason.waitFor({ timeout: 30_000 })
    await kiet.page.goto(link)
    await kiet.page.getByRole('button', { name: 'Tham gia' }).click()
    await kiet.page.getByRole('button', { name: 'Thử lại' }).waitFor()
    expect(await reason.count()).toBe(0)
    await kiet.page.getByRole('button', { name: 'Thử lại' }).click()
    await truc.sees(['Cháu xin góp nải chuối'])
  }, 90_000)

  test('who is removed loses it while looking at it, and reads nothing of what follows', async () => {
    await using truc = await register('Đặng Thanh Trúc')
    await using kiet = await register('Bùi Tuấn Kiệt')
    await createGroup(truc, 'Họp kín', [kiet])
    await kiet.open('Họp kín')
    await openInfo(truc)
    await truc.page.getByRole('button', { name: 'Tùy chọn cho Bùi Tuấn Kiệt' }).click()
    await truc.page.getByRole('menuitem', { name: 'Đưa ra khỏi cuộc trò chuyện' }).click()
    await truc.page.getByRole('dialog').getByRole('button', { name: 'Đưa ra khỏi cuộc trò chuyện' }).click()
    await kiet.page.getByRole('heading', { name: 'Không tìm thấy cuộc trò chuyện' }).waitFor()
    await truc.write('Mật khẩu két sắt là sao la')
    await truc.allStored()
    expect(await kiet.page.getByText('két sắt').count()).toBe(0)
    expect(await list(kiet).getByText('Họp kín').count()).toBe(0)
  }, 40_000)

  test('the last owner cannot leave others behind without one; after handing over it works', async () => {
    await using truc = await register('Đặng Thanh Trúc')
    await using dat = await register('Ngô Quang Đạt')
    await createGroup(truc, 'Bàn giao', [dat])
    await openInfo(truc)
    const leave = async () => {
      await truc.page.getByRole('button', { name: 'Rời cuộc trò chuyện' }).click()
      await truc.page.getByRole('dialog').getByRole('button', { name: 'Rời đi' }).click()
    }
    await truc.page.getByText('Ngô Quang Đạt').first().waitFor()
    await truc.page.getByRole('button', { name: 'Rời cuộc trò chuyện' }).click()
    await truc.page.getByText('Cuộc trò chuyện cần có một chủ sở hữu').first().waitFor()
    expect(await truc.page.getByRole('dialog').count()).toBe(0)
    await truc.page.getByRole('button', { name: 'Tùy chọn cho Ngô Quang Đạt' }).click()
    await truc.page.getByRole('menuitem', { name: 'Đặt làm chủ sở hữu' }).click()
    await truc.page.getByRole('dialog').getByRole('button', { name: 'Đặt làm chủ sở hữu' }).click()
    await truc.page.getByRole('complementary').getByText('Chủ sở hữu').nth(1).waitFor()
    await leave()
    await truc.page.waitForURL(`${server.url}/`)
    // The list hears of it over the socket, the page from the answer: either may be first.
    await list(truc).getByText('Bàn giao').waitFor({ state: 'detached' })
  }, 40_000)

  test('two who edit the details at once change what each of them touched', async () => {
    await using truc = await register('Đặng Thanh Trúc')
    await using mai = await register('Hồ Xuân Mai')
    await createGroup(truc, 'Họp tổ', [mai])
    await openInfo(truc)
    await truc.page.getByRole('button', { name: 'Tùy chọn cho Hồ Xuân Mai' }).click()
    await truc.page.getByRole('menuitem', { name: 'Đặt làm quản trị viên' }).click()
    await mai.open('Họp tổ')
    await openInfo(mai)
    const topic = ({ page }: Person) => page.getByLabel('Chủ đề', { exact: true })
    for (const { page } of [truc, mai]) {
      await page.getByRole('button', { name: 'Sửa tên và chủ đề' }).click()
    }
    await topic(mai).fill('Thứ sáu 19:00')
    await mai.page.getByRole('button', { name: 'Lưu' }).click()
    await truc.page.getByText('Mai đã đặt chủ đề: Thứ sáu 19:00').waitFor()
    expect(await topic(truc).inputValue()).toBe('Thứ sáu 19:00')
    await truc.page.getByLabel('Tên', { exact: true }).fill('Họp tổ Văn')
    await truc.page.getByRole('button', { name: 'Lưu' }).click()
    await mai.page.getByRole('heading', { level: 1, name: 'Họp tổ Văn' }).waitFor()
    await mai.page.getByRole('complementary').getByText('Thứ sáu 19:00').waitFor()
    await mai.page.getByRole('button', { name: 'Sửa tên và chủ đề' }).click()
    await mai.page.getByLabel('Tên', { exact: true }).fill('Họp tổ Toán')
    await topic(mai).fill('')
    await mai.page.getByRole('button', { name: 'Lưu' }).click()
    await truc.page.getByText('Mai đã đổi tên thành “Họp tổ Toán” và xóa chủ đề').waitFor()
  }, 40_000)

  test('an owner steps down when asked once more, and only while there is another', async () => {
    await using truc = await register('Đặng Thanh Trúc')
    const name = 'Nguyễn Phúc Bảo Khánh Thị Phương Thảo Hoàng Gia'
    await using thao = await register(name)
    await createGroup(truc, 'Ban liên lạc', [thao])
    await openInfo(truc)
    const { page } = truc
    const panel = page.getByRole('complementary')
    const dialog = page.getByRole('dialog')
    const own = page.getByRole('button', { name: 'Tùy chọn cho Đặng Thanh Trúc' })
    await page.getByRole('button', { name: `Tùy chọn cho ${name}` }).click()
    expect(await own.count()).toBe(0)
    await page.getByRole('menuitem', { name: 'Đặt làm chủ sở hữu' }).click()
    const question = dialog.getByRole('heading', { name: `Đặt ${name} làm chủ sở hữu?` })
    // A question is read whole, however long the name in it.
    expect(await question.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true)
    await dialog.getByRole('button', { name: 'Đặt làm chủ sở hữu' }).click()
    await panel.getByText('Chủ sở hữu').nth(1).waitFor()
    await own.click()
    await page.getByRole('menuitem', { name: 'Đặt làm quản trị viên' }).click()
    await dialog.getByRole('button', { name: 'Hủy' }).click()
    expect(await panel.getByText('Chủ sở hữu').count()).toBe(2)
    await own.click()
    await page.getByRole('menuitem', { name: 'Đặt làm thành viên thường' }).click()
    await dialog.getByRole('button', { name: 'Đặt làm thành viên thường' }).click()
    await page.getByText('Bạn đã thôi làm chủ sở hữu, trở thành thành viên thường').waitFor()
    await own.waitFor({ state: 'detached' })
  }, 40_000)

  test('[ONB-05] an invitation link opened while signed out leads into the group after registration', async () => {
    await using truc = await register('Đặng Thanh Trúc')
    await createGroup(truc, 'Họp lớp 12A2', [])
    await openInfo(truc)
    await truc.page.getByRole('button', { name: 'Tạo liên kết mời' }).click()
    const link = await truc.page.getByLabel('Liên kết mời').inputValue()
    const context = await browser.newContext({ locale: 'vi-VN' })
    const page = await context.newPage()
    await page.goto(link)
    await page.getByText('Bạn được mời vào một cuộc trò chuyện').waitFor()
    await page.getByRole('link', { name: 'Tạo tài khoản' }).click()
    await page.getByLabel('Họ và tên').fill('Trịnh Ngọc Ái')
    await page.getByLabel('Mật khẩu', { exact: true }).fill('phượng đỏ sân trường')
    await page.getByRole('button', { name: 'Tạo tài khoản' }).click()
    await page.getByRole('heading', { name: 'Bạn được mời vào “Họp lớp 12A2”' }).waitFor()
    await page.getByRole('button', { name: 'Tham gia' }).click()
    await page.getByRole('heading', { level: 1, name: 'Họp lớp 12A2' }).waitFor()
    await page.goto(link)
    await page.getByRole('heading', { level: 1, name: 'Họp lớp 12A2' }).waitFor()
    await context.close()
  }, 40_000)

  test('[MB10] invitations are listed with their uses and taken back; who comes with the link then is told', async () => {
    await using truc = await register('Đặng Thanh Trúc')
    await using mai = await register('Hồ Xuân Mai')
    await using an = await register('Phan Đình Ẩn')
    await createGroup(truc, 'Tiệc tất niên', [])
    await openInfo(truc)
    const panel = truc.page.getByRole('complementary')
    await panel.getByRole('button', { name: 'Tạo liên kết mời' }).click()
    const link = await panel.getByLabel('Liên kết mời').inputValue()
    const invites = panel.getByRole('region', { name: '1 lời mời đang mở' }).getByRole('listitem')
    await invites.getByText('Chưa có ai tham gia').waitFor()
    await mai.page.goto(link)
    await mai.page.getByRole('button', { name: 'Tham gia' }).click()
    await mai.composer.waitFor()
    // Whoever made it sees that somebody came by it.
    await invites.getByText('1 người đã tham gia').waitFor()
    // The link itself is told once; the list stays.
    await truc.page.reload()
    await openInfo(truc)
    await invites.getByText('Đặng Thanh Trúc (bạn)').waitFor()
    await invites.getByText('1 người đã tham gia').waitFor()
    await invites.getByRole('button', { name: 'Thu hồi lời mời của Đặng Thanh Trúc' }).click()
    await truc.page.getByRole('dialog').getByRole('button', { name: 'Thu hồi' }).click()
    await invites.waitFor({ state: 'detached' })
    await an.page.goto(link)
    await an.page.getByText('Lời mời đã hết hạn, đã bị thu hồi hoặc hết lượt.').waitFor()
    // Who is in by it stays, and does not see what is for those who manage.
    await mai.page.goto(link)
    await mai.composer.waitFor()
    await openInfo(mai)
    await mai.page.getByRole('complementary').getByText('2 thành viên').waitFor()
    expect(await mai.page.getByRole('button', { name: 'Tạo liên kết mời' }).count()).toBe(0)
    expect([...truc.errors, ...mai.errors, ...an.errors]).toEqual([])
  }, 60_000)

  test('a link that leads nowhere says so', async () => {
    await using truc = await register('Đặng Thanh Trúc')
    await truc.page.goto(`${server.url}/i/khongcothat`)
    await truc.page.getByRole('heading', { name: 'Lời mời không dùng được' }).waitFor()
    await truc.page.goto(`${server.url}/c/khongcothat`)
    await truc.page.getByRole('heading', { name: 'Không tìm thấy cuộc trò chuyện' }).waitFor()
    await truc.page.goto(`${server.url}/khong/co/that`)
    await truc.page.getByRole('heading', { name: 'Liên kết không đúng' }).waitFor()
  })
})

test('a public channel is found and joined', async () => {
  await using truc = await register('Đặng Thanh Trúc')
  await using yen = await register('Vũ Hoàng Yến')
  await truc.page.getByRole('button', { name: 'Cuộc trò chuyện mới' }).first().click()
  await truc.page.getByRole('dialog').getByText('Kênh', { exact: true }).click()
  await truc.page.getByLabel('Tên kênh').fill('cà-phê-sáng')
  await truc.page.getByRole('button', { name: 'Tạo kênh' }).click()
  await truc.page.getByRole('heading', { level: 1, name: 'cà-phê-sáng' }).waitFor()
  await yen.page.getByRole('button', { name: 'Khám phá kênh' }).first().click()
  await yen.page.getByLabel('Tìm kênh theo tên').fill('ca phe')
  await yen.page
    .getByRole('listitem')
    .filter({ hasText: 'cà-phê-sáng' })
    .getByRole('button', { name: 'Tham gia' })
    .click()
  await yen.page.getByRole('heading', { level: 1, name: 'cà-phê-sáng' }).waitFor()
  await yen.write('Sáng nay ai pha cà phê?')
  await truc.sees(['Sáng nay ai pha cà phê?'])
}, 40_000)

test('[NAV-03] the link of a public channel lets in who is not there yet', async () => {
  await using truc = await register('Đặng Thanh Trúc')
  await using yen = await register('Vũ Hoàng Yến')
  await truc.page.getByRole('button', { name: 'Cuộc trò chuyện mới' }).first().click()
  await truc.page.getByRole('dialog').getByText('Kênh', { exact: true }).click()
  await truc.page.getByLabel('Tên kênh').fill('chợ-đồ-cũ')
  await truc.page.getByRole('button', { name: 'Tạo kênh' }).click()
  await truc.page.getByRole('heading', { level: 1, name: 'chợ-đồ-cũ' }).waitFor()
  await yen.page.goto(truc.page.url())
  await yen.page.getByRole('heading', { level: 1, name: '#chợ-đồ-cũ' }).waitFor()
  await yen.page.getByRole('button', { name: 'Tham gia' }).click()
  await yen.write('Ai cần xe đạp không?')
  await truc.sees(['Ai cần xe đạp không?'])
}, 40_000)

test('[PRO-03 S12] a new name shows at once wherever the person appears', async () => {
  await using truc = await register('Đặng Thanh Trúc')
  await using huong = await register('Phạm Thu Hường')
  await truc.openDirect(huong.username, 'Phạm Thu Hường')
  await truc.write('Chào chị')
  await huong.open('Đặng Thanh Trúc')
  await huong.page.getByRole('button', { name: 'Tài khoản và cài đặt' }).first().click()
  await huong.page.getByLabel('Họ và tên').fill('Phạm Hường (Vận hành)')
  await huong.page.getByRole('button', { name: 'Lưu' }).click()
  await truc.page.getByRole('heading', { level: 1, name: 'Phạm Hường (Vận hành)' }).waitFor()
  await list(truc).getByText('Phạm Hường (Vận hành)').waitFor()
}, 40_000)
