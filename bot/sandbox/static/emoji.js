// Which picture stands for a :shortcode:? The common ones; any other stays as it is written.

const PICTURES = `
information_source ℹ️|mag 🔍|mag_right 🔎|warning ⚠️|white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️
x ❌|no_entry ⛔|no_entry_sign 🚫|question ❓|grey_question ❔|exclamation ❗|bangbang ‼️|hourglass ⌛
hourglass_flowing_sand ⏳|stopwatch ⏱️|alarm_clock ⏰|clock1 🕐|repeat 🔁|arrows_counterclockwise 🔄|bell 🔔|no_bell 🔕
point_right 👉|point_left 👈|point_up ☝️|point_down 👇|thumbsup 👍|+1 👍|thumbsdown 👎|-1 👎|ok_hand 👌|wave 👋|clap 👏
pray 🙏|raised_hands 🙌|raised_hand ✋|muscle 💪|eyes 👀|tada 🎉|confetti_ball 🎊|gift 🎁|sparkles ✨|star ⭐|star2 🌟
fire 🔥|100 💯|rocket 🚀|zap ⚡|boom 💥|bulb 💡|lock 🔒|unlock 🔓|key 🔑|closed_lock_with_key 🔐|pencil ✏️|pencil2 ✏️
memo 📝|pen 🖊️|lower_left_ballpoint_pen 🖊️|clipboard 📋|page_facing_up 📄|file_folder 📁|open_file_folder 📂|paperclip 📎
calendar 📅|date 📅|spiral_calendar_pad 🗓️|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|bar_chart 📊
moneybag 💰|dollar 💵|credit_card 💳|package 📦|email 📧|envelope ✉️|inbox_tray 📥|outbox_tray 📤|link 🔗|gear ⚙️
wrench 🔧|hammer 🔨|hammer_and_wrench 🛠️|shield 🛡️|bug 🐛|robot_face 🤖|ghost 👻|skull 💀|bust_in_silhouette 👤
busts_in_silhouette 👥|heart ❤️|broken_heart 💔|blue_heart 💙|green_heart 💚|yellow_heart 💛|purple_heart 💜
smile 😄|smiley 😃|grinning 😀|slightly_smiling_face 🙂|simple_smile 🙂|wink 😉|blush 😊|joy 😂|rolling_on_the_floor_laughing 🤣
sweat_smile 😅|sunglasses 😎|thinking_face 🤔|neutral_face 😐|confused 😕|worried 😟|cry 😢|sob 😭|angry 😠|rage 😡|scream 😱
sleeping 😴|facepalm 🤦|shrug 🤷|see_no_evil 🙈|red_circle 🔴|large_yellow_circle 🟡|large_orange_circle 🟠
large_green_circle 🟢|large_blue_circle 🔵|white_circle ⚪|black_circle ⚫|arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️
leftwards_arrow_with_hook ↩️|heavy_plus_sign ➕|heavy_minus_sign ➖|recycle ♻️|stop_sign 🛑|construction 🚧|rotating_light 🚨
house 🏠|books 📚|book 📖|mortar_board 🎓|bread 🍞|cake 🍰|cookie 🍪|coffee ☕|sun_with_face 🌞|rainbow 🌈|earth_africa 🌍`;

const KNOWN = new Map(
  PICTURES.trim()
    .split(/[|\n]/)
    .map((entry) => entry.split(' ')),
);

/** The picture, or undefined where the name means nothing here. */
export function picture(name) {
  return KNOWN.get(name.split('::')[0]);
}

/** Plain text with its shortcodes shown as pictures. */
export function withPictures(text) {
  return text.replace(/:([a-z0-9_+-]+):/gi, (written, name) => picture(name) ?? written);
}
