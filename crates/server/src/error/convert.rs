//! What the errors of inner layers are to a caller. Inner layers do not know status codes.

use std::io::ErrorKind;

use axum::http::StatusCode;
use rapport_domain::{CUSTOM_PREFIX, FieldRule, Invalid, Violation};
use rapport_ingest::IngestError;
use rapport_pipelines::PipelineError;
use rapport_store::audit::{FieldConflict, RestoreRefusal};
use rapport_store::models::StageRefusal;
use rapport_store::{QueryError, StoreError};

use crate::error::{ApiError, FieldProblem};

impl From<Violation> for FieldProblem {
    fn from(violation: Violation) -> Self {
        Self {
            pointer: violation.pointer.to_owned(),
            code: violation.code.to_owned(),
            message: violation.message,
        }
    }
}

impl From<Invalid> for ApiError {
    fn from(invalid: Invalid) -> Self {
        let detail = match &invalid.violations[..] {
            [one] => one.message.clone(),
            many => format!("{} fields need mending", many.len()),
        };
        let errors = invalid
            .violations
            .into_iter()
            .map(FieldProblem::from)
            .collect();
        Self {
            errors,
            ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail)
        }
    }
}

impl From<QueryError> for ApiError {
    fn from(error: QueryError) -> Self {
        let (parameter, code) = match error {
            QueryError::UnknownField { .. } => ("?filter", "unknown_field"),
            QueryError::HiddenField { .. } => {
                let said = error.to_string();
                return Self::at(StatusCode::FORBIDDEN, "?filter", "field_hidden", said);
            }
            QueryError::InSort { error } => return Self::from(*error).at_sort(),
            QueryError::UnknownOp { .. } => ("?filter", "unknown_op"),
            QueryError::OpNotAllowed { .. } => ("?filter", "op_not_allowed"),
            QueryError::BadValue { .. } => ("?filter", "bad_value"),
            QueryError::BadCondition { .. } => ("?filter", "bad_filter"),
            QueryError::NotSortable { .. } => ("?sort", "not_sortable"),
            QueryError::BadCursor => ("?cursor", "bad_cursor"),
            QueryError::BadLimit { .. } => ("?limit", "bad_limit"),
            QueryError::TooManyFilters => ("?filter", "too_many"),
            QueryError::ConditionTooLong { .. } => ("?filter", "too_long"),
            QueryError::NulCharacter { .. } => ("?filter", "bad_character"),
            QueryError::NoToday { .. } => ("?filter", "no_today"),
            QueryError::TooDeep => ("?where", "too_deep"),
            QueryError::EmptyGroup => ("?where", "empty_group"),
            QueryError::InGroup { path, error } => {
                return Self::from(*error).at_parameter(&format!("where/{path}"));
            }
            QueryError::TooManySorts => ("?sort", "too_many"),
            QueryError::RepeatedSort { .. } => ("?sort", "repeated"),
            QueryError::SearchTooLong => ("?search", "too_long"),
            QueryError::NotSearchable { .. } => ("?search", "not_searchable"),
        };
        Self::bad_request(parameter, code, error.to_string())
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let said = error.to_string();
        match error {
            StoreError::NotFound { object, .. } => Self::not_found(object),
            StoreError::NotAllowed { .. } => Self::new(StatusCode::FORBIDDEN, "not_allowed", said),
            StoreError::FieldsNotAllowed { fields } => Self::of_fields(fields, said),
            StoreError::Conflict { .. } => {
                Self::new(StatusCode::PRECONDITION_FAILED, "version_conflict", said)
            }
            StoreError::Duplicate { .. } => Self::new(StatusCode::CONFLICT, "duplicate", said),
            StoreError::AlreadyDelivered => {
                Self::new(StatusCode::CONFLICT, "already_delivered", said)
            }
            StoreError::Taken { key, .. } | StoreError::TakenUnseen { key, .. } => Self::at(
                StatusCode::CONFLICT,
                format!("/custom/{key}"),
                "taken",
                said,
            ),
            StoreError::TakenMeanwhile => Self::at(StatusCode::CONFLICT, "/custom", "taken", said),
            StoreError::LastAdministrator => {
                Self::new(StatusCode::CONFLICT, "last_administrator", said)
            }
            StoreError::AlreadyClaimed { .. } => {
                Self::new(StatusCode::CONFLICT, "already_claimed", said)
            }
            StoreError::ClaimLimit { .. } => Self::new(StatusCode::CONFLICT, "claim_limit", said),
            StoreError::WrongState { .. } => Self::new(StatusCode::CONFLICT, "wrong_state", said),
            StoreError::NotJournaled { .. } => {
                Self::new(StatusCode::CONFLICT, "import_not_journaled", said)
            }
            StoreError::BrokenReference { .. } => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown_reference", said)
            }
            StoreError::StillInUse { .. } => Self::new(StatusCode::CONFLICT, "still_in_use", said),
            StoreError::Stage(refusal) => refusal.into(),
            StoreError::Identity(refusal) => Self::new(StatusCode::CONFLICT, refusal.code(), said),
            StoreError::PairDecided { .. } => Self::new(StatusCode::CONFLICT, "pair_decided", said),
            StoreError::Query(error) => error.into(),
            StoreError::Invalid(invalid) => invalid.into(),
            StoreError::TooCostly => Self::unprocessable("?filter", "too_costly", said),
            StoreError::DiskFull => Self {
                cause: Some(said.clone()),
                ..Self::new(StatusCode::INSUFFICIENT_STORAGE, "disk_full", said)
            },
            StoreError::Busy => Self {
                retry_after: Some(1),
                cause: Some(said.clone()),
                ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", said)
            },
            StoreError::Unreachable { .. } | StoreError::Closed => Self {
                retry_after: Some(5),
                cause: Some(said),
                ..Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "unavailable",
                    "the records cannot be reached at the moment; try again",
                )
            },
            _ => Self::internal(said),
        }
    }
}

impl ApiError {
    /// A change of fields that are not the caller's to set, each with its pointer.
    fn of_fields(fields: Vec<(String, FieldRule)>, said: String) -> Self {
        let problem = |(field, rule): (String, FieldRule)| {
            let (code, message) = match rule {
                FieldRule::ReadOnly => ("read_only", "your role lets you read this and not set it"),
                FieldRule::Hidden => ("hidden", "your role does not let you see or set this"),
            };
            let place = match field.strip_prefix(CUSTOM_PREFIX) {
                Some(key) => format!("/custom/{key}"),
                None => format!("/{field}"),
            };
            FieldProblem {
                pointer: place,
                code: code.to_owned(),
                message: format!("{message}; leave it out"),
            }
        };
        Self {
            errors: fields.into_iter().map(problem).collect(),
            ..Self::new(StatusCode::FORBIDDEN, "field_not_allowed", said)
        }
    }
}

impl From<RestoreRefusal> for ApiError {
    fn from(refusal: RestoreRefusal) -> Self {
        let said = refusal.to_string();
        match refusal {
            RestoreRefusal::NotRestorable => {
                Self::new(StatusCode::CONFLICT, "not_restorable", said)
            }
            RestoreRefusal::Gone => Self::new(StatusCode::CONFLICT, "record_gone", said),
            RestoreRefusal::ThereAlready => Self::new(StatusCode::CONFLICT, "record_there", said),
            RestoreRefusal::ChangedSince(fields) => Self {
                errors: fields.into_iter().map(FieldProblem::from).collect(),
                ..Self::new(StatusCode::CONFLICT, "changed_since", said)
            },
            RestoreRefusal::Store(error) => error.into(),
        }
    }
}

impl From<FieldConflict> for FieldProblem {
    fn from(conflict: FieldConflict) -> Self {
        Self {
            pointer: format!("/{}", conflict.column.replace('.', "/")),
            code: "changed_since".to_owned(),
            message: format!(
                "was set to {} and is {} now",
                conflict.expected, conflict.found
            ),
        }
    }
}

impl From<StageRefusal> for ApiError {
    fn from(refusal: StageRefusal) -> Self {
        let said = refusal.to_string();
        let (code, pointer, reason) = match refusal {
            StageRefusal::Promotion(refusal) => ("promotion_refused", "/version", refusal.code()),
            StageRefusal::NothingToRollBack => ("nothing_to_roll_back", "", "no_champion_before"),
            _ => ("wrong_stage", "/to", "no_such_step"),
        };
        let problem = FieldProblem {
            pointer: pointer.to_owned(),
            code: reason.to_owned(),
            message: said.clone(),
        };
        Self {
            errors: vec![problem],
            ..Self::new(StatusCode::CONFLICT, code, said)
        }
    }
}

impl From<IngestError> for ApiError {
    fn from(error: IngestError) -> Self {
        match error {
            IngestError::Mapping(invalid) => invalid.into(),
            IngestError::Read(_) | IngestError::Write(_) => Self::internal(error.to_string()),
            IngestError::UnknownSheet { .. } | IngestError::NoSheets => {
                Self::unprocessable("/sheet", "unknown_sheet", error.to_string())
            }
            _ => Self::unprocessable("/file", "unreadable_file", error.to_string()),
        }
    }
}

impl From<PipelineError> for ApiError {
    fn from(error: PipelineError) -> Self {
        let said = error.to_string();
        match error {
            PipelineError::Store(error) => error.into(),
            PipelineError::Ingest(error) => error.into(),
            PipelineError::Invalid(invalid) => invalid.into(),
            PipelineError::TooLarge { .. } => {
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", said)
            }
            PipelineError::Io { source, .. } if source.kind() == ErrorKind::StorageFull => Self {
                cause: Some(said),
                ..Self::new(
                    StatusCode::INSUFFICIENT_STORAGE,
                    "disk_full",
                    "the disk is full; nothing of this was kept, free some space and try again",
                )
            },
            PipelineError::SegmentationUnderWay { .. } => {
                Self::new(StatusCode::CONFLICT, "segmentation_under_way", said)
            }
            PipelineError::InboxTooLong { .. } => Self {
                retry_after: Some(60),
                cause: Some(said.clone()),
                ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", said)
            },
            PipelineError::ShuttingDown => Self {
                retry_after: Some(5),
                ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "shutting_down", said)
            },
            _ => Self::internal(said),
        }
    }
}

impl ApiError {
    /// The same error with one pointer put as the caller's form has it.
    pub(crate) fn at_pointer(mut self, inner: &str, outer: &str) -> Self {
        for problem in self
            .errors
            .iter_mut()
            .filter(|problem| problem.pointer == inner)
        {
            problem.pointer = outer.to_owned();
        }
        self
    }

    /// The same error, blamed on one query parameter.
    pub(crate) fn at_parameter(mut self, name: &str) -> Self {
        for problem in &mut self.errors {
            problem.pointer = format!("?{name}");
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_internal_error_tells_the_caller_nothing_and_the_log_all() {
        let error = ApiError::from(StoreError::Decode {
            column: "contacts.tags",
            reason: "expected a list".to_owned(),
        });

        assert_eq!(error.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!error.detail.contains("contacts.tags"));
        assert!(
            error
                .cause
                .is_some_and(|cause| cause.contains("contacts.tags"))
        );
    }

    #[test]
    fn every_violation_keeps_its_pointer() {
        let invalid = Invalid {
            violations: vec![
                Violation::new("/name", "blank", "must not be empty"),
                Violation::new(
                    "/email",
                    "not_an_email",
                    "write an address as name@example.com",
                ),
            ],
        };

        let error = ApiError::from(invalid);

        let pointers: Vec<_> = error.errors.iter().map(|e| e.pointer.as_str()).collect();
        assert_eq!(pointers, ["/name", "/email"]);
        assert_eq!(error.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}
