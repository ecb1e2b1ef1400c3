//! Closed sets (status, priority, channel) by the words that other systems use for them.

use rapport_domain::{CampaignStatus, Channel, Priority, TaskStatus, TicketChannel, TicketStatus};

use super::text;

/// Words and what they mean.
pub(crate) type Words<T> = &'static [(&'static str, T)];

/// Where a ticket stands; new and reopened ones wait for us, held ones for someone else.
pub(crate) const TICKET_STATUS: Words<TicketStatus> = &[
    ("open", TicketStatus::Open),
    ("new", TicketStatus::Open),
    ("reopened", TicketStatus::Open),
    ("in progress", TicketStatus::Open),
    ("waiting on us", TicketStatus::Open),
    ("pending", TicketStatus::Pending),
    ("hold", TicketStatus::Pending),
    ("on hold", TicketStatus::Pending),
    ("waiting on contact", TicketStatus::Pending),
    ("waiting on customer", TicketStatus::Pending),
    ("solved", TicketStatus::Solved),
    ("resolved", TicketStatus::Solved),
    ("closed", TicketStatus::Closed),
    ("done", TicketStatus::Closed),
    ("新建", TicketStatus::Open),
    ("待处理", TicketStatus::Open),
    ("处理中", TicketStatus::Open),
    ("挂起", TicketStatus::Pending),
    ("等待客户", TicketStatus::Pending),
    ("已解决", TicketStatus::Solved),
    ("已关闭", TicketStatus::Closed),
];

/// Whether a task is done; one that is put off is still to do.
pub(crate) const TASK_STATUS: Words<TaskStatus> = &[
    ("open", TaskStatus::Open),
    ("to do", TaskStatus::Open),
    ("not started", TaskStatus::Open),
    ("in progress", TaskStatus::Open),
    ("waiting", TaskStatus::Open),
    ("waiting on someone else", TaskStatus::Open),
    ("deferred", TaskStatus::Open),
    ("done", TaskStatus::Done),
    ("completed", TaskStatus::Done),
    ("complete", TaskStatus::Done),
    ("closed", TaskStatus::Done),
    ("未开始", TaskStatus::Open),
    ("待办", TaskStatus::Open),
    ("进行中", TaskStatus::Open),
    ("已完成", TaskStatus::Done),
    ("完成", TaskStatus::Done),
];

/// How urgent something is.
pub(crate) const PRIORITY: Words<Priority> = &[
    ("low", Priority::Low),
    ("minor", Priority::Low),
    ("normal", Priority::Normal),
    ("medium", Priority::Normal),
    ("high", Priority::High),
    ("major", Priority::High),
    ("urgent", Priority::Urgent),
    ("critical", Priority::Urgent),
    ("highest", Priority::Urgent),
    ("低", Priority::Low),
    ("中", Priority::Normal),
    ("普通", Priority::Normal),
    ("一般", Priority::Normal),
    ("高", Priority::High),
    ("紧急", Priority::Urgent),
];

/// The way on which a ticket came.
pub(crate) const TICKET_CHANNEL: Words<TicketChannel> = &[
    ("email", TicketChannel::Email),
    ("e-mail", TicketChannel::Email),
    ("mail", TicketChannel::Email),
    ("chat", TicketChannel::Chat),
    ("live chat", TicketChannel::Chat),
    ("messaging", TicketChannel::Chat),
    ("wechat", TicketChannel::Chat),
    ("phone", TicketChannel::Phone),
    ("call", TicketChannel::Phone),
    ("voice", TicketChannel::Phone),
    ("web", TicketChannel::Web),
    ("web form", TicketChannel::Web),
    ("form", TicketChannel::Web),
    ("api", TicketChannel::Web),
    ("help center", TicketChannel::Web),
    ("邮件", TicketChannel::Email),
    ("微信", TicketChannel::Chat),
    ("在线聊天", TicketChannel::Chat),
    ("电话", TicketChannel::Phone),
    ("网页", TicketChannel::Web),
];

/// Where a campaign stands.
pub(crate) const CAMPAIGN_STATUS: Words<CampaignStatus> = &[
    ("draft", CampaignStatus::Draft),
    ("planned", CampaignStatus::Draft),
    ("scheduled", CampaignStatus::Draft),
    ("running", CampaignStatus::Running),
    ("active", CampaignStatus::Running),
    ("in progress", CampaignStatus::Running),
    ("sending", CampaignStatus::Running),
    ("finished", CampaignStatus::Finished),
    ("completed", CampaignStatus::Finished),
    ("done", CampaignStatus::Finished),
    ("sent", CampaignStatus::Finished),
    ("ended", CampaignStatus::Finished),
    ("草稿", CampaignStatus::Draft),
    ("计划中", CampaignStatus::Draft),
    ("进行中", CampaignStatus::Running),
    ("已结束", CampaignStatus::Finished),
    ("已完成", CampaignStatus::Finished),
];

/// The way on which a campaign goes out.
pub(crate) const CHANNEL: Words<Channel> = &[
    ("email", Channel::Email),
    ("e-mail", Channel::Email),
    ("mail", Channel::Email),
    ("newsletter", Channel::Email),
    ("sms", Channel::Sms),
    ("text", Channel::Sms),
    ("text message", Channel::Sms),
    ("phone", Channel::Phone),
    ("call", Channel::Phone),
    ("wechat", Channel::Wechat),
    ("wecom", Channel::Wechat),
    ("post", Channel::Post),
    ("letter", Channel::Post),
    ("direct mail", Channel::Post),
    ("邮件", Channel::Email),
    ("短信", Channel::Sms),
    ("电话", Channel::Phone),
    ("微信", Channel::Wechat),
    ("企业微信", Channel::Wechat),
    ("信件", Channel::Post),
];

/// What a cell means, whatever its case and its underscores; `None` where no word fits.
pub(crate) fn parse<T: Copy>(cell: &str, words: Words<T>) -> Option<T> {
    let cell = text::clean(cell).replace('_', " ");
    words
        .iter()
        .find(|(word, _)| word.eq_ignore_ascii_case(&cell))
        .map(|&(_, value)| value)
}

/// The English words, for a message.
pub(crate) fn list<T>(words: Words<T>) -> String {
    let words: Vec<_> = words
        .iter()
        .map(|(word, _)| *word)
        .filter(|word| word.is_ascii())
        .collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_other_systems_are_understood() {
        assert_eq!(parse("HOLD", TICKET_STATUS), Some(TicketStatus::Pending));
        assert_eq!(parse("on_hold", TICKET_STATUS), Some(TicketStatus::Pending));
        assert_eq!(parse("紧急", PRIORITY), Some(Priority::Urgent));
        assert_eq!(parse("nowhere", CHANNEL), None);
    }
}
