// @ts-check
/** The shapes that travel between the server and the page (docs/playground.md). Types only; no browser loads this. */

/**
 * @typedef {{id: number, first_name: string, last_name?: string, username?: string, language_code?: string, is_bot?: boolean}} Person
 * @typedef {{message_thread_id: number, name: string, icon_color: number, closed: boolean, hidden: boolean}} Topic
 * @typedef {{id: number, type: string, title: string, username?: string, description?: string, is_forum?: boolean, members: number[],
 *   owner?: number, admins?: number[], bot?: string, topics?: Topic[], pinned?: number[], migrated_to?: number}} ChatInfo
 * @typedef {{id: number, type: string, title?: string, username?: string, first_name?: string}} ChatName
 * @typedef {{type: string, offset: number, length: number, url?: string, language?: string, user?: Person}} Entity
 * @typedef {{text: string, style?: string, callback_data?: string, url?: string, copy_text?: {text: string},
 *   switch_inline_query?: string, switch_inline_query_current_chat?: string, switch_inline_query_chosen_chat?: {query?: string}}} Button
 * @typedef {{file_id: string, width?: number, height?: number, duration?: number, file_size?: number, file_name?: string,
 *   mime_type?: string, title?: string, performer?: string, length?: number, emoji?: string, is_animated?: boolean, is_video?: boolean}} FileInfo
 * @typedef {{text: string, voter_count: number}} PollOption
 * @typedef {{id: string, question: string, options: PollOption[], total_voter_count: number, is_closed: boolean,
 *   is_anonymous: boolean, type: string, allows_multiple_answers: boolean, allows_revoting?: boolean,
 *   correct_option_ids?: number[], explanation?: string, explanation_entities?: Entity[], open_period?: number,
 *   close_date?: number, description?: string}} Poll
 * @typedef {{type: string, sender_user?: Person, sender_user_name?: string, sender_chat?: ChatName, chat?: ChatName}} Origin
 * @typedef {{phone_number: string, first_name: string, last_name?: string}} Contact
 * @typedef {{latitude: number, longitude: number}} Location
 * @typedef {{message_id: number, date: number, edit_date?: number, from?: Person, sender_chat?: ChatName, author_signature?: string,
 *   is_topic_message?: boolean, message_thread_id?: number, media_group_id?: string, via_bot?: Person, forward_origin?: Origin,
 *   text?: string, entities?: Entity[], caption?: string, caption_entities?: Entity[], photo?: FileInfo[], document?: FileInfo,
 *   voice?: FileInfo, audio?: FileInfo, video?: FileInfo, animation?: FileInfo, location?: Location, contact?: Contact, poll?: Poll,
 *   sticker?: FileInfo, video_note?: FileInfo, venue?: {title: string, address: string, location: Location}, dice?: {emoji: string, value: number},
 *   has_media_spoiler?: boolean, show_caption_above_media?: boolean, new_chat_title?: string,
 *   reply_to_message?: Message, external_reply?: {origin: Origin, chat?: ChatName, message_id?: number}, quote?: {text: string, position?: number}, reply_markup?: {inline_keyboard?: Button[][]},
 *   new_chat_members?: Person[], left_chat_member?: Person, pinned_message?: Message, group_chat_created?: boolean,
 *   forum_topic_created?: {name: string, icon_color: number}, forum_topic_edited?: {name?: string}, forum_topic_closed?: object,
 *   forum_topic_reopened?: object, general_forum_topic_hidden?: object, general_forum_topic_unhidden?: object,
 *   migrate_to_chat_id?: number, migrate_from_chat_id?: number}} Message
 * @typedef {{text: string, request_contact?: boolean, request_location?: boolean, request_poll?: {type?: string}, style?: string}} ReplyButton
 * @typedef {{keyboard?: (ReplyButton | string)[][], resize_keyboard?: boolean, one_time_keyboard?: boolean, is_persistent?: boolean,
 *   input_field_placeholder?: string, selective?: boolean, remove_keyboard?: boolean, force_reply?: boolean}} ReplyMarkup
 * @typedef {{emoji: string, count: number, from?: number[]}} Reaction
 * @typedef {{id: string, type: string, title?: string, description?: string, text?: string}} InlineResult
 * @typedef {{seq: number, type: string, chat_id?: number, date?: number, message: Message, message_id: number, reply_keyboard?: ReplyMarkup,
 *   message_thread_id?: number, draft_id: number, action: string, text: string, entities?: Entity[], show_alert: boolean, url?: string,
 *   callback_query_id: string, from: any, reactions: Reaction[], poll: Poll, votes?: Record<string, number[]>, chat: ChatInfo,
 *   inline_query_id: string, results: InlineResult[], next_offset?: string, button?: {text: string, start_parameter?: string}}} ChatEvent
 *   one event; which fields it has depends on `type`
 * @typedef {{method: string, fault: string | number, times: number, retry_after?: number}} Fault
 * @typedef {{privacy_mode: boolean, flood_limits: boolean, username: string, first_name: string}} Settings
 * @typedef {{question: string, options: string[], type?: string, is_anonymous?: boolean, correct_option_ids?: number[],
 *   allows_multiple_answers?: boolean, explanation?: string}} NewPoll
 * @typedef {{from: number, text?: string, reply_to?: number, thread?: number, anonymous?: boolean, file?: File, as?: string,
 *   location?: Location, contact?: Contact, poll?: NewPoll, forward?: {chat_id: number, message_id: number}}} Said
 */

export {};
