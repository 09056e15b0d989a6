using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PortalApp.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "AuditProgress",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false),
                    Holder = table.Column<string>(type: "TEXT", nullable: true),
                    Until = table.Column<long>(type: "INTEGER", nullable: false),
                    SealedThrough = table.Column<long>(type: "INTEGER", nullable: false),
                    ShippedThrough = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditProgress", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "DataProtectionKeys",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    FriendlyName = table.Column<string>(type: "TEXT", nullable: true),
                    Xml = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DataProtectionKeys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "SpentChallenge",
                columns: table => new
                {
                    Nonce = table.Column<string>(type: "TEXT", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SpentChallenge", x => x.Nonce);
                });

            migrationBuilder.CreateTable(
                name: "Tenant",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    HelpdeskPhone = table.Column<string>(type: "TEXT", nullable: false),
                    HelpdeskEmail = table.Column<string>(type: "TEXT", nullable: true),
                    ResetEnabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    MaxUsers = table.Column<int>(type: "INTEGER", nullable: false),
                    Language = table.Column<string>(type: "TEXT", nullable: true),
                    SenderName = table.Column<string>(type: "TEXT", nullable: true),
                    AuditDays = table.Column<int>(type: "INTEGER", nullable: true),
                    PhoneCountries = table.Column<string>(type: "TEXT", nullable: true),
                    Networks = table.Column<string>(type: "TEXT", nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false),
                    ChangedBy = table.Column<string>(type: "TEXT", nullable: false),
                    ChangedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Tenant", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ThrottleCount",
                columns: table => new
                {
                    Bucket = table.Column<string>(type: "TEXT", nullable: false),
                    Window = table.Column<long>(type: "INTEGER", nullable: false),
                    Count = table.Column<int>(type: "INTEGER", nullable: false),
                    Ends = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ThrottleCount", x => new { x.Bucket, x.Window });
                });

            migrationBuilder.CreateTable(
                name: "WrappedPortalKey",
                columns: table => new
                {
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Wrapped = table.Column<byte[]>(type: "BLOB", nullable: false),
                    KeyNumber = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WrappedPortalKey", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "AddressFault",
                columns: table => new
                {
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Recipient = table.Column<string>(type: "TEXT", nullable: false),
                    Reason = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AddressFault", x => new { x.Tenant, x.Recipient });
                    table.ForeignKey(
                        name: "FK_AddressFault_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "AuditEntry",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: true),
                    Event = table.Column<int>(type: "INTEGER", nullable: false),
                    By = table.Column<string>(type: "TEXT", nullable: false),
                    SubjectKind = table.Column<int>(type: "INTEGER", nullable: true),
                    Subject = table.Column<string>(type: "TEXT", nullable: true),
                    Request = table.Column<string>(type: "TEXT", nullable: true),
                    Trace = table.Column<string>(type: "TEXT", nullable: true),
                    Outcome = table.Column<string>(type: "TEXT", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", nullable: true),
                    Network = table.Column<string>(type: "TEXT", nullable: true),
                    Detail = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditEntry", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AuditEntry_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "AuditSeal",
                columns: table => new
                {
                    Position = table.Column<long>(type: "INTEGER", nullable: false),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: true),
                    Number = table.Column<long>(type: "INTEGER", nullable: false),
                    Entry = table.Column<long>(type: "INTEGER", nullable: false),
                    Mac = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditSeal", x => x.Position);
                    table.ForeignKey(
                        name: "FK_AuditSeal_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "DailyTally",
                columns: table => new
                {
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Day = table.Column<int>(type: "INTEGER", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    Of = table.Column<string>(type: "TEXT", nullable: false),
                    Count = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DailyTally", x => new { x.Tenant, x.Day, x.Kind, x.Of });
                    table.ForeignKey(
                        name: "FK_DailyTally_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Domain",
                columns: table => new
                {
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    PasswordManagement = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Domain", x => x.Name);
                    table.ForeignKey(
                        name: "FK_Domain_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "DomainClaim",
                columns: table => new
                {
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    PasswordManagement = table.Column<int>(type: "INTEGER", nullable: false),
                    Token = table.Column<string>(type: "TEXT", nullable: false),
                    By = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DomainClaim", x => new { x.Tenant, x.Name });
                    table.ForeignKey(
                        name: "FK_DomainClaim_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "EnrolledAgent",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    RelaySecretHash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Version = table.Column<string>(type: "TEXT", nullable: true),
                    EnrolledAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastHelloAt = table.Column<long>(type: "INTEGER", nullable: true),
                    State = table.Column<string>(type: "TEXT", nullable: true),
                    ClockAhead = table.Column<int>(type: "INTEGER", nullable: true),
                    Network = table.Column<string>(type: "TEXT", nullable: true),
                    Relay = table.Column<string>(type: "TEXT", nullable: true),
                    RevokedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_EnrolledAgent", x => x.Id);
                    table.ForeignKey(
                        name: "FK_EnrolledAgent_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "FailureCount",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Subject = table.Column<string>(type: "TEXT", nullable: false),
                    Total = table.Column<int>(type: "INTEGER", nullable: false),
                    OfStrangers = table.Column<int>(type: "INTEGER", nullable: false),
                    Series = table.Column<int>(type: "INTEGER", nullable: false),
                    LastAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FailureCount", x => x.Id);
                    table.ForeignKey(
                        name: "FK_FailureCount_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "FamiliarPlace",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Subject = table.Column<string>(type: "TEXT", nullable: false),
                    Mac = table.Column<byte[]>(type: "BLOB", nullable: false),
                    SeenAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FamiliarPlace", x => x.Id);
                    table.ForeignKey(
                        name: "FK_FamiliarPlace_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Group",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Connector = table.Column<string>(type: "TEXT", nullable: true),
                    SourceAnchor = table.Column<string>(type: "TEXT", nullable: true),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    GoneAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false),
                    ChangedBy = table.Column<string>(type: "TEXT", nullable: false),
                    ChangedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Group", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Group_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "LastAnswer",
                columns: table => new
                {
                    Flow = table.Column<long>(type: "INTEGER", nullable: false),
                    Method = table.Column<int>(type: "INTEGER", nullable: false),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Mac = table.Column<byte[]>(type: "BLOB", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LastAnswer", x => new { x.Flow, x.Method });
                    table.ForeignKey(
                        name: "FK_LastAnswer_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "OneTimeCode",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Purpose = table.Column<int>(type: "INTEGER", nullable: false),
                    Owner = table.Column<string>(type: "TEXT", nullable: false),
                    Subject = table.Column<string>(type: "TEXT", nullable: false),
                    Method = table.Column<int>(type: "INTEGER", nullable: false),
                    CodeMac = table.Column<byte[]>(type: "BLOB", nullable: false),
                    AddressMac = table.Column<byte[]>(type: "BLOB", nullable: false),
                    IssuedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Counted = table.Column<string>(type: "TEXT", nullable: true),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Tries = table.Column<int>(type: "INTEGER", nullable: false),
                    LastTyped = table.Column<byte[]>(type: "BLOB", nullable: true),
                    UsedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ReplacedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OneTimeCode", x => x.Id);
                    table.ForeignKey(
                        name: "FK_OneTimeCode_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "OutgoingMessage",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Channel = table.Column<int>(type: "INTEGER", nullable: false),
                    Content = table.Column<byte[]>(type: "BLOB", nullable: true),
                    KeyNumber = table.Column<int>(type: "INTEGER", nullable: false),
                    Recipient = table.Column<string>(type: "TEXT", nullable: true),
                    Deliver = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    NotBefore = table.Column<long>(type: "INTEGER", nullable: false),
                    Tries = table.Column<int>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OutgoingMessage", x => x.Id);
                    table.ForeignKey(
                        name: "FK_OutgoingMessage_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "PasskeyCeremony",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Owner = table.Column<string>(type: "TEXT", nullable: false),
                    Options = table.Column<string>(type: "TEXT", nullable: false),
                    State = table.Column<string>(type: "TEXT", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PasskeyCeremony", x => x.Id);
                    table.ForeignKey(
                        name: "FK_PasskeyCeremony_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "PolicyDraft",
                columns: table => new
                {
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Over = table.Column<int>(type: "INTEGER", nullable: false),
                    By = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    List = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PolicyDraft", x => x.Tenant);
                    table.ForeignKey(
                        name: "FK_PolicyDraft_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "PolicyVersion",
                columns: table => new
                {
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    By = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    List = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PolicyVersion", x => new { x.Tenant, x.Number });
                    table.ForeignKey(
                        name: "FK_PolicyVersion_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "QuestionCounts",
                columns: table => new
                {
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Registered = table.Column<int>(type: "INTEGER", nullable: false),
                    Asked = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_QuestionCounts", x => x.Tenant);
                    table.ForeignKey(
                        name: "FK_QuestionCounts_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "QuestionDraw",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Flow = table.Column<long>(type: "INTEGER", nullable: false),
                    Questions = table.Column<string>(type: "TEXT", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    LastTyped = table.Column<byte[]>(type: "BLOB", nullable: true),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_QuestionDraw", x => x.Id);
                    table.ForeignKey(
                        name: "FK_QuestionDraw_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "RegistrationTerms",
                columns: table => new
                {
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    WaitHours = table.Column<int>(type: "INTEGER", nullable: false),
                    AsksAtSignIn = table.Column<bool>(type: "INTEGER", nullable: false),
                    MayPutOff = table.Column<int>(type: "INTEGER", nullable: false),
                    AskAgainDays = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RegistrationTerms", x => x.Tenant);
                    table.ForeignKey(
                        name: "FK_RegistrationTerms_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "SecurityQuestion",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Shipped = table.Column<int>(type: "INTEGER", nullable: true),
                    Text = table.Column<string>(type: "TEXT", nullable: true),
                    RemovedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SecurityQuestion", x => x.Id);
                    table.ForeignKey(
                        name: "FK_SecurityQuestion_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "SpentCall",
                columns: table => new
                {
                    TokenId = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SpentCall", x => x.TokenId);
                    table.ForeignKey(
                        name: "FK_SpentCall_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "TenantServiceBus",
                columns: table => new
                {
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Address = table.Column<string>(type: "TEXT", nullable: false),
                    Wrapped = table.Column<byte[]>(type: "BLOB", nullable: false),
                    KeyNumber = table.Column<int>(type: "INTEGER", nullable: false),
                    Since = table.Column<long>(type: "INTEGER", nullable: false),
                    LeftAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TenantServiceBus", x => x.Tenant);
                    table.ForeignKey(
                        name: "FK_TenantServiceBus_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "User",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Connector = table.Column<string>(type: "TEXT", nullable: true),
                    SourceAnchor = table.Column<string>(type: "TEXT", nullable: true),
                    UserPrincipalName = table.Column<string>(type: "TEXT", nullable: false),
                    Domain = table.Column<string>(type: "TEXT", nullable: false),
                    DisplayName = table.Column<string>(type: "TEXT", nullable: true),
                    Licensed = table.Column<bool>(type: "INTEGER", nullable: false),
                    ResetEnabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    Role = table.Column<int>(type: "INTEGER", nullable: false),
                    Language = table.Column<string>(type: "TEXT", nullable: true),
                    GoneAt = table.Column<long>(type: "INTEGER", nullable: true),
                    RegisteredAt = table.Column<long>(type: "INTEGER", nullable: true),
                    RegistrationRequiredAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DisputedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    DirectoryPasswordAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Shut = table.Column<int>(type: "INTEGER", nullable: true),
                    AccountEndsAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false),
                    ChangedBy = table.Column<string>(type: "TEXT", nullable: false),
                    ChangedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_User", x => x.Id);
                    table.ForeignKey(
                        name: "FK_User_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "WrappedTenantKey",
                columns: table => new
                {
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Generation = table.Column<int>(type: "INTEGER", nullable: false),
                    Wrapped = table.Column<byte[]>(type: "BLOB", nullable: false),
                    KeyNumber = table.Column<int>(type: "INTEGER", nullable: false),
                    NotBefore = table.Column<long>(type: "INTEGER", nullable: false),
                    NotAfter = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WrappedTenantKey", x => new { x.Tenant, x.Generation });
                    table.ForeignKey(
                        name: "FK_WrappedTenantKey_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "DomainProvider",
                columns: table => new
                {
                    Domain = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Issuer = table.Column<string>(type: "TEXT", nullable: false),
                    ClientId = table.Column<string>(type: "TEXT", nullable: false),
                    Secret = table.Column<byte[]>(type: "BLOB", nullable: false),
                    KeyNumber = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DomainProvider", x => x.Domain);
                    table.ForeignKey(
                        name: "FK_DomainProvider_Domain_Domain",
                        column: x => x.Domain,
                        principalTable: "Domain",
                        principalColumn: "Name",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_DomainProvider_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "AgentKey",
                columns: table => new
                {
                    Kid = table.Column<string>(type: "TEXT", nullable: false),
                    AgentId = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Use = table.Column<int>(type: "INTEGER", nullable: false),
                    Generation = table.Column<int>(type: "INTEGER", nullable: false),
                    Jwk = table.Column<string>(type: "TEXT", nullable: false),
                    NotBefore = table.Column<long>(type: "INTEGER", nullable: false),
                    NotAfter = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AgentKey", x => x.Kid);
                    table.ForeignKey(
                        name: "FK_AgentKey_EnrolledAgent_AgentId",
                        column: x => x.AgentId,
                        principalTable: "EnrolledAgent",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_AgentKey_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "AgentSync",
                columns: table => new
                {
                    AgentId = table.Column<string>(type: "TEXT", nullable: false),
                    Connector = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Told = table.Column<string>(type: "TEXT", nullable: false),
                    Mark = table.Column<string>(type: "TEXT", nullable: true),
                    Released = table.Column<string>(type: "TEXT", nullable: true),
                    ReleasedBy = table.Column<string>(type: "TEXT", nullable: true),
                    ReleasedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AgentSync", x => new { x.AgentId, x.Connector });
                    table.ForeignKey(
                        name: "FK_AgentSync_EnrolledAgent_AgentId",
                        column: x => x.AgentId,
                        principalTable: "EnrolledAgent",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_AgentSync_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "EnrolmentCode",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    IssuedBy = table.Column<string>(type: "TEXT", nullable: false),
                    Note = table.Column<string>(type: "TEXT", nullable: true),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UsedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    RevokedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    AgentId = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_EnrolmentCode", x => x.Id);
                    table.ForeignKey(
                        name: "FK_EnrolmentCode_EnrolledAgent_AgentId",
                        column: x => x.AgentId,
                        principalTable: "EnrolledAgent",
                        principalColumn: "Id");
                    table.ForeignKey(
                        name: "FK_EnrolmentCode_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "GroupInGroup",
                columns: table => new
                {
                    OuterId = table.Column<long>(type: "INTEGER", nullable: false),
                    InnerId = table.Column<long>(type: "INTEGER", nullable: false),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_GroupInGroup", x => new { x.OuterId, x.InnerId });
                    table.ForeignKey(
                        name: "FK_GroupInGroup_Group_InnerId",
                        column: x => x.InnerId,
                        principalTable: "Group",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_GroupInGroup_Group_OuterId",
                        column: x => x.OuterId,
                        principalTable: "Group",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_GroupInGroup_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Approval",
                columns: table => new
                {
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    AskerId = table.Column<string>(type: "TEXT", nullable: false),
                    AskedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", nullable: false),
                    Trace = table.Column<string>(type: "TEXT", nullable: false),
                    AnswererId = table.Column<string>(type: "TEXT", nullable: true),
                    IsApproved = table.Column<bool>(type: "INTEGER", nullable: false),
                    UsedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Approval", x => x.UserId);
                    table.ForeignKey(
                        name: "FK_Approval_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Approval_User_AnswererId",
                        column: x => x.AnswererId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Approval_User_AskerId",
                        column: x => x.AskerId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Approval_User_UserId",
                        column: x => x.UserId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Attempt",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: true),
                    KeyHash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Purpose = table.Column<int>(type: "INTEGER", nullable: false),
                    Subject = table.Column<string>(type: "TEXT", nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: true),
                    UserPrincipalName = table.Column<string>(type: "TEXT", nullable: false),
                    Network = table.Column<string>(type: "TEXT", nullable: false),
                    Familiarity = table.Column<int>(type: "INTEGER", nullable: false),
                    Browser = table.Column<byte[]>(type: "BLOB", nullable: false),
                    PasswordAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Due = table.Column<int>(type: "INTEGER", nullable: true),
                    ReturnedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Secret = table.Column<byte[]>(type: "BLOB", nullable: true),
                    KeyNumber = table.Column<int>(type: "INTEGER", nullable: false),
                    Return = table.Column<string>(type: "TEXT", nullable: true),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Attempt", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Attempt_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Attempt_User_UserId",
                        column: x => x.UserId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "AuthenticatorApp",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Use = table.Column<int>(type: "INTEGER", nullable: false),
                    Secret = table.Column<byte[]>(type: "BLOB", nullable: false),
                    KeyNumber = table.Column<int>(type: "INTEGER", nullable: false),
                    LastStep = table.Column<long>(type: "INTEGER", nullable: false),
                    SetUpAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CountsFrom = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuthenticatorApp", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AuthenticatorApp_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_AuthenticatorApp_User_UserId",
                        column: x => x.UserId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "CallerProof",
                columns: table => new
                {
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    HelperId = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    ProvedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CallerProof", x => new { x.UserId, x.HelperId });
                    table.ForeignKey(
                        name: "FK_CallerProof_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_CallerProof_User_HelperId",
                        column: x => x.HelperId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_CallerProof_User_UserId",
                        column: x => x.UserId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Change",
                columns: table => new
                {
                    Request = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    Subject = table.Column<string>(type: "TEXT", nullable: false),
                    Session = table.Column<long>(type: "INTEGER", nullable: true),
                    Language = table.Column<string>(type: "TEXT", nullable: false),
                    Network = table.Column<string>(type: "TEXT", nullable: false),
                    AskedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ToldAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Change", x => x.Request);
                    table.ForeignKey(
                        name: "FK_Change_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Change_User_UserId",
                        column: x => x.UserId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ContactChange",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    Field = table.Column<int>(type: "INTEGER", nullable: false),
                    Value = table.Column<string>(type: "TEXT", nullable: false),
                    Channel = table.Column<int>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CountsFrom = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ContactChange", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ContactChange_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_ContactChange_User_UserId",
                        column: x => x.UserId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ContactValue",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    Field = table.Column<int>(type: "INTEGER", nullable: false),
                    Position = table.Column<int>(type: "INTEGER", nullable: false),
                    Value = table.Column<string>(type: "TEXT", nullable: false),
                    Source = table.Column<int>(type: "INTEGER", nullable: false),
                    ChangedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Country = table.Column<string>(type: "TEXT", nullable: true),
                    TakesTexts = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ContactValue", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ContactValue_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_ContactValue_User_UserId",
                        column: x => x.UserId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "DisputeLink",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    KeyHash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    SentAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UsedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DisputeLink", x => x.Id);
                    table.ForeignKey(
                        name: "FK_DisputeLink_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_DisputeLink_User_UserId",
                        column: x => x.UserId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "EarlierPassword",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Hash = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_EarlierPassword", x => x.Id);
                    table.ForeignKey(
                        name: "FK_EarlierPassword_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_EarlierPassword_User_UserId",
                        column: x => x.UserId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Flow",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    KeyHash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Purpose = table.Column<int>(type: "INTEGER", nullable: false),
                    Subject = table.Column<string>(type: "TEXT", nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: true),
                    UserPrincipalName = table.Column<string>(type: "TEXT", nullable: false),
                    Policy = table.Column<int>(type: "INTEGER", nullable: false),
                    Network = table.Column<string>(type: "TEXT", nullable: false),
                    Familiarity = table.Column<int>(type: "INTEGER", nullable: false),
                    Browser = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Trace = table.Column<string>(type: "TEXT", nullable: false),
                    Language = table.Column<string>(type: "TEXT", nullable: false),
                    Drawn = table.Column<string>(type: "TEXT", nullable: false),
                    DrawnGroups = table.Column<string>(type: "TEXT", nullable: false),
                    ChosenMethod = table.Column<int>(type: "INTEGER", nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CheckRequest = table.Column<string>(type: "TEXT", nullable: true),
                    ResetRequest = table.Column<string>(type: "TEXT", nullable: true),
                    Sets = table.Column<int>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Flow", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Flow_PolicyVersion_Tenant_Policy",
                        columns: x => new { x.Tenant, x.Policy },
                        principalTable: "PolicyVersion",
                        principalColumns: new[] { "Tenant", "Number" },
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_Flow_User_UserId",
                        column: x => x.UserId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "GroupMember",
                columns: table => new
                {
                    GroupId = table.Column<long>(type: "INTEGER", nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_GroupMember", x => new { x.GroupId, x.UserId });
                    table.ForeignKey(
                        name: "FK_GroupMember_Group_GroupId",
                        column: x => x.GroupId,
                        principalTable: "Group",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_GroupMember_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_GroupMember_User_UserId",
                        column: x => x.UserId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Invitation",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    KeyHash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UsedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Invitation", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Invitation_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Invitation_User_UserId",
                        column: x => x.UserId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Passkey",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    Use = table.Column<int>(type: "INTEGER", nullable: false),
                    CredentialId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    PublicKey = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    SignCount = table.Column<long>(type: "INTEGER", nullable: false),
                    IsBackupEligible = table.Column<bool>(type: "INTEGER", nullable: false),
                    IsBackedUp = table.Column<bool>(type: "INTEGER", nullable: false),
                    AddedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UsedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Passkey", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Passkey_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Passkey_User_UserId",
                        column: x => x.UserId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ProviderLink",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Issuer = table.Column<string>(type: "TEXT", nullable: false),
                    Subject = table.Column<string>(type: "TEXT", nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    LinkedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ProviderLink", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ProviderLink_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_ProviderLink_User_UserId",
                        column: x => x.UserId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ProviderTrial",
                columns: table => new
                {
                    Domain = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Issuer = table.Column<string>(type: "TEXT", nullable: false),
                    ClientId = table.Column<string>(type: "TEXT", nullable: false),
                    Secret = table.Column<byte[]>(type: "BLOB", nullable: false),
                    KeyNumber = table.Column<int>(type: "INTEGER", nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: true),
                    Key = table.Column<byte[]>(type: "BLOB", nullable: false),
                    BegunAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ReturnedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Result = table.Column<int>(type: "INTEGER", nullable: true),
                    Name = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ProviderTrial", x => x.Domain);
                    table.ForeignKey(
                        name: "FK_ProviderTrial_Domain_Domain",
                        column: x => x.Domain,
                        principalTable: "Domain",
                        principalColumn: "Name",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_ProviderTrial_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_ProviderTrial_User_UserId",
                        column: x => x.UserId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "PutOff",
                columns: table => new
                {
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Times = table.Column<int>(type: "INTEGER", nullable: false),
                    Session = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PutOff", x => x.UserId);
                    table.ForeignKey(
                        name: "FK_PutOff_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_PutOff_User_UserId",
                        column: x => x.UserId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "RecoveryCode",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    Use = table.Column<int>(type: "INTEGER", nullable: false),
                    Mac = table.Column<byte[]>(type: "BLOB", nullable: false),
                    List = table.Column<string>(type: "TEXT", nullable: false),
                    MadeAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UsedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RecoveryCode", x => x.Id);
                    table.ForeignKey(
                        name: "FK_RecoveryCode_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_RecoveryCode_User_UserId",
                        column: x => x.UserId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Request",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Anchor = table.Column<string>(type: "TEXT", nullable: true),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    Connector = table.Column<string>(type: "TEXT", nullable: true),
                    Flow = table.Column<long>(type: "INTEGER", nullable: true),
                    Trace = table.Column<string>(type: "TEXT", nullable: true),
                    Initiator = table.Column<string>(type: "TEXT", nullable: true),
                    Issued = table.Column<long>(type: "INTEGER", nullable: false),
                    Deadline = table.Column<long>(type: "INTEGER", nullable: false),
                    Attempt = table.Column<string>(type: "TEXT", nullable: true),
                    GrantedTo = table.Column<string>(type: "TEXT", nullable: true),
                    GrantedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Result = table.Column<string>(type: "TEXT", nullable: true),
                    Outcome = table.Column<int>(type: "INTEGER", nullable: true),
                    Reason = table.Column<int>(type: "INTEGER", nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ResolvedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Open = table.Column<bool>(type: "INTEGER", nullable: false),
                    Subject = table.Column<string>(type: "TEXT", nullable: true),
                    Place = table.Column<int>(type: "INTEGER", nullable: true),
                    PendingHash = table.Column<byte[]>(type: "BLOB", nullable: true),
                    PendingHashKey = table.Column<int>(type: "INTEGER", nullable: false),
                    TellAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Request", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Request_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_Request_User_Anchor",
                        column: x => x.Anchor,
                        principalTable: "User",
                        principalColumn: "Id");
                });

            migrationBuilder.CreateTable(
                name: "ResetLink",
                columns: table => new
                {
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    HelperId = table.Column<string>(type: "TEXT", nullable: false),
                    KeyHash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Trace = table.Column<string>(type: "TEXT", nullable: false),
                    SentAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UsedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ResetLink", x => x.UserId);
                    table.ForeignKey(
                        name: "FK_ResetLink_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_ResetLink_User_HelperId",
                        column: x => x.HelperId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_ResetLink_User_UserId",
                        column: x => x.UserId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "SearchTerm",
                columns: table => new
                {
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    Term = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SearchTerm", x => new { x.UserId, x.Term });
                    table.ForeignKey(
                        name: "FK_SearchTerm_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_SearchTerm_User_UserId",
                        column: x => x.UserId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "SecurityAnswer",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    Question = table.Column<long>(type: "INTEGER", nullable: false),
                    Hash = table.Column<string>(type: "TEXT", nullable: false),
                    Form = table.Column<int>(type: "INTEGER", nullable: false),
                    SetAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SecurityAnswer", x => x.Id);
                    table.ForeignKey(
                        name: "FK_SecurityAnswer_SecurityQuestion_Question",
                        column: x => x.Question,
                        principalTable: "SecurityQuestion",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_SecurityAnswer_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_SecurityAnswer_User_UserId",
                        column: x => x.UserId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Session",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    KeyHash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    WithSecondFactor = table.Column<bool>(type: "INTEGER", nullable: false),
                    ProvedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    SeenAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Until = table.Column<long>(type: "INTEGER", nullable: false),
                    Network = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Session", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Session_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Session_User_UserId",
                        column: x => x.UserId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "UserPassword",
                columns: table => new
                {
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Hash = table.Column<string>(type: "TEXT", nullable: false),
                    SetAt = table.Column<long>(type: "INTEGER", nullable: false),
                    IsTemporary = table.Column<bool>(type: "INTEGER", nullable: false),
                    DirectorySetAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_UserPassword", x => x.UserId);
                    table.ForeignKey(
                        name: "FK_UserPassword_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_UserPassword_User_UserId",
                        column: x => x.UserId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "PassedGate",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    FlowId = table.Column<long>(type: "INTEGER", nullable: false),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    Method = table.Column<int>(type: "INTEGER", nullable: false),
                    PassedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Basis = table.Column<byte[]>(type: "BLOB", nullable: false),
                    SpentAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PassedGate", x => x.Id);
                    table.ForeignKey(
                        name: "FK_PassedGate_Flow_FlowId",
                        column: x => x.FlowId,
                        principalTable: "Flow",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_PassedGate_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "HolderProof",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Tenant = table.Column<int>(type: "INTEGER", nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    Session = table.Column<long>(type: "INTEGER", nullable: false),
                    Method = table.Column<int>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ProvedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Basis = table.Column<byte[]>(type: "BLOB", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_HolderProof", x => x.Id);
                    table.ForeignKey(
                        name: "FK_HolderProof_Session_Session",
                        column: x => x.Session,
                        principalTable: "Session",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_HolderProof_Tenant_Tenant",
                        column: x => x.Tenant,
                        principalTable: "Tenant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_HolderProof_User_UserId",
                        column: x => x.UserId,
                        principalTable: "User",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.InsertData(
                table: "AuditProgress",
                columns: new[] { "Id", "Holder", "SealedThrough", "ShippedThrough", "Until" },
                values: new object[] { 1, null, 0L, 0L, 0L });

            migrationBuilder.CreateIndex(
                name: "IX_AddressFault_At",
                table: "AddressFault",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_AgentKey_AgentId",
                table: "AgentKey",
                column: "AgentId");

            migrationBuilder.CreateIndex(
                name: "IX_AgentKey_Tenant",
                table: "AgentKey",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_AgentSync_At",
                table: "AgentSync",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_AgentSync_Tenant",
                table: "AgentSync",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_Approval_AnswererId",
                table: "Approval",
                column: "AnswererId");

            migrationBuilder.CreateIndex(
                name: "IX_Approval_AskedAt",
                table: "Approval",
                column: "AskedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Approval_AskerId",
                table: "Approval",
                column: "AskerId");

            migrationBuilder.CreateIndex(
                name: "IX_Approval_Tenant_AskedAt",
                table: "Approval",
                columns: new[] { "Tenant", "AskedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Attempt_ExpiresAt",
                table: "Attempt",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_Attempt_KeyHash",
                table: "Attempt",
                column: "KeyHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Attempt_Tenant",
                table: "Attempt",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_Attempt_UserId",
                table: "Attempt",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_AuditEntry_Request",
                table: "AuditEntry",
                column: "Request");

            migrationBuilder.CreateIndex(
                name: "IX_AuditEntry_Tenant_At",
                table: "AuditEntry",
                columns: new[] { "Tenant", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_AuditEntry_Tenant_Event_At",
                table: "AuditEntry",
                columns: new[] { "Tenant", "Event", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_AuditEntry_Tenant_Event_Outcome_Reason_At",
                table: "AuditEntry",
                columns: new[] { "Tenant", "Event", "Outcome", "Reason", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_AuditEntry_Tenant_Subject",
                table: "AuditEntry",
                columns: new[] { "Tenant", "Subject" });

            migrationBuilder.CreateIndex(
                name: "IX_AuditEntry_Tenant_Trace",
                table: "AuditEntry",
                columns: new[] { "Tenant", "Trace" });

            migrationBuilder.CreateIndex(
                name: "IX_AuditSeal_Entry",
                table: "AuditSeal",
                column: "Entry",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_AuditSeal_Tenant_Number",
                table: "AuditSeal",
                columns: new[] { "Tenant", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_AuthenticatorApp_Tenant",
                table: "AuthenticatorApp",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_AuthenticatorApp_UserId_Use",
                table: "AuthenticatorApp",
                columns: new[] { "UserId", "Use" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_CallerProof_HelperId",
                table: "CallerProof",
                column: "HelperId");

            migrationBuilder.CreateIndex(
                name: "IX_CallerProof_ProvedAt",
                table: "CallerProof",
                column: "ProvedAt");

            migrationBuilder.CreateIndex(
                name: "IX_CallerProof_Tenant",
                table: "CallerProof",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_Change_AskedAt",
                table: "Change",
                column: "AskedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Change_Tenant",
                table: "Change",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_Change_UserId",
                table: "Change",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_ContactChange_CountsFrom",
                table: "ContactChange",
                column: "CountsFrom");

            migrationBuilder.CreateIndex(
                name: "IX_ContactChange_ExpiresAt",
                table: "ContactChange",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_ContactChange_Tenant",
                table: "ContactChange",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_ContactChange_UserId_Field",
                table: "ContactChange",
                columns: new[] { "UserId", "Field" });

            migrationBuilder.CreateIndex(
                name: "IX_ContactValue_Tenant_Field_UserId_Country_TakesTexts",
                table: "ContactValue",
                columns: new[] { "Tenant", "Field", "UserId", "Country", "TakesTexts" });

            migrationBuilder.CreateIndex(
                name: "IX_ContactValue_UserId_Field_Position",
                table: "ContactValue",
                columns: new[] { "UserId", "Field", "Position" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_DailyTally_Day",
                table: "DailyTally",
                column: "Day");

            migrationBuilder.CreateIndex(
                name: "IX_DisputeLink_KeyHash",
                table: "DisputeLink",
                column: "KeyHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_DisputeLink_SentAt",
                table: "DisputeLink",
                column: "SentAt");

            migrationBuilder.CreateIndex(
                name: "IX_DisputeLink_Tenant",
                table: "DisputeLink",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_DisputeLink_UserId",
                table: "DisputeLink",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_Domain_Tenant",
                table: "Domain",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_DomainClaim_At",
                table: "DomainClaim",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_DomainProvider_Tenant",
                table: "DomainProvider",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_EarlierPassword_Tenant",
                table: "EarlierPassword",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_EarlierPassword_UserId",
                table: "EarlierPassword",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_EnrolledAgent_Tenant",
                table: "EnrolledAgent",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_EnrolmentCode_AgentId",
                table: "EnrolmentCode",
                column: "AgentId");

            migrationBuilder.CreateIndex(
                name: "IX_EnrolmentCode_ExpiresAt",
                table: "EnrolmentCode",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_EnrolmentCode_Hash",
                table: "EnrolmentCode",
                column: "Hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_EnrolmentCode_Tenant",
                table: "EnrolmentCode",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_FailureCount_LastAt",
                table: "FailureCount",
                column: "LastAt");

            migrationBuilder.CreateIndex(
                name: "IX_FailureCount_Tenant_Subject",
                table: "FailureCount",
                columns: new[] { "Tenant", "Subject" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_FamiliarPlace_SeenAt",
                table: "FamiliarPlace",
                column: "SeenAt");

            migrationBuilder.CreateIndex(
                name: "IX_FamiliarPlace_Tenant_Subject_Mac",
                table: "FamiliarPlace",
                columns: new[] { "Tenant", "Subject", "Mac" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Flow_ExpiresAt",
                table: "Flow",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_Flow_KeyHash",
                table: "Flow",
                column: "KeyHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Flow_Tenant_Policy",
                table: "Flow",
                columns: new[] { "Tenant", "Policy" });

            migrationBuilder.CreateIndex(
                name: "IX_Flow_Tenant_Subject",
                table: "Flow",
                columns: new[] { "Tenant", "Subject" });

            migrationBuilder.CreateIndex(
                name: "IX_Flow_Tenant_Trace",
                table: "Flow",
                columns: new[] { "Tenant", "Trace" });

            migrationBuilder.CreateIndex(
                name: "IX_Flow_UserId",
                table: "Flow",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_Group_Tenant_Connector_SourceAnchor",
                table: "Group",
                columns: new[] { "Tenant", "Connector", "SourceAnchor" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Group_Tenant_Name",
                table: "Group",
                columns: new[] { "Tenant", "Name" });

            migrationBuilder.CreateIndex(
                name: "IX_GroupInGroup_InnerId",
                table: "GroupInGroup",
                column: "InnerId");

            migrationBuilder.CreateIndex(
                name: "IX_GroupInGroup_Tenant",
                table: "GroupInGroup",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_GroupMember_Tenant",
                table: "GroupMember",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_GroupMember_UserId",
                table: "GroupMember",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_HolderProof_ExpiresAt",
                table: "HolderProof",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_HolderProof_Session",
                table: "HolderProof",
                column: "Session");

            migrationBuilder.CreateIndex(
                name: "IX_HolderProof_Tenant",
                table: "HolderProof",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_HolderProof_UserId",
                table: "HolderProof",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_Invitation_ExpiresAt",
                table: "Invitation",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_Invitation_KeyHash",
                table: "Invitation",
                column: "KeyHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Invitation_Tenant",
                table: "Invitation",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_Invitation_UserId",
                table: "Invitation",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_LastAnswer_ExpiresAt",
                table: "LastAnswer",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_LastAnswer_Tenant",
                table: "LastAnswer",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_OneTimeCode_ExpiresAt",
                table: "OneTimeCode",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_OneTimeCode_Purpose_Owner",
                table: "OneTimeCode",
                columns: new[] { "Purpose", "Owner" });

            migrationBuilder.CreateIndex(
                name: "IX_OneTimeCode_Tenant",
                table: "OneTimeCode",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_OutgoingMessage_EndedAt_NotBefore",
                table: "OutgoingMessage",
                columns: new[] { "EndedAt", "NotBefore" });

            migrationBuilder.CreateIndex(
                name: "IX_OutgoingMessage_Tenant",
                table: "OutgoingMessage",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_PassedGate_FlowId_Method",
                table: "PassedGate",
                columns: new[] { "FlowId", "Method" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_PassedGate_Tenant",
                table: "PassedGate",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_Passkey_CredentialId",
                table: "Passkey",
                column: "CredentialId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Passkey_Tenant",
                table: "Passkey",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_Passkey_UserId_Use",
                table: "Passkey",
                columns: new[] { "UserId", "Use" });

            migrationBuilder.CreateIndex(
                name: "IX_PasskeyCeremony_ExpiresAt",
                table: "PasskeyCeremony",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_PasskeyCeremony_Owner",
                table: "PasskeyCeremony",
                column: "Owner",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_PasskeyCeremony_Tenant",
                table: "PasskeyCeremony",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_ProviderLink_Tenant_Issuer_Subject",
                table: "ProviderLink",
                columns: new[] { "Tenant", "Issuer", "Subject" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ProviderLink_UserId_Issuer",
                table: "ProviderLink",
                columns: new[] { "UserId", "Issuer" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ProviderTrial_ExpiresAt",
                table: "ProviderTrial",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_ProviderTrial_Tenant",
                table: "ProviderTrial",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_ProviderTrial_UserId",
                table: "ProviderTrial",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_PutOff_Tenant",
                table: "PutOff",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_QuestionDraw_ExpiresAt",
                table: "QuestionDraw",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_QuestionDraw_Tenant_Flow",
                table: "QuestionDraw",
                columns: new[] { "Tenant", "Flow" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_RecoveryCode_Tenant",
                table: "RecoveryCode",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_RecoveryCode_UserId_Use_Mac",
                table: "RecoveryCode",
                columns: new[] { "UserId", "Use", "Mac" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Request_Anchor",
                table: "Request",
                column: "Anchor");

            migrationBuilder.CreateIndex(
                name: "IX_Request_EndedAt_Deadline",
                table: "Request",
                columns: new[] { "EndedAt", "Deadline" });

            migrationBuilder.CreateIndex(
                name: "IX_Request_GrantedTo",
                table: "Request",
                column: "GrantedTo");

            migrationBuilder.CreateIndex(
                name: "IX_Request_OneOpen",
                table: "Request",
                columns: new[] { "Tenant", "Anchor" },
                unique: true,
                filter: "\"Open\"");

            migrationBuilder.CreateIndex(
                name: "IX_Request_OneTried",
                table: "Request",
                columns: new[] { "Tenant", "Subject" },
                unique: true,
                filter: "\"Subject\" IS NOT NULL AND (\"EndedAt\" IS NULL OR \"Open\")");

            migrationBuilder.CreateIndex(
                name: "IX_Request_Places",
                table: "Request",
                columns: new[] { "Tenant", "Place" },
                unique: true,
                filter: "\"Place\" IS NOT NULL AND \"EndedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Request_TellAt",
                table: "Request",
                column: "TellAt");

            migrationBuilder.CreateIndex(
                name: "IX_Request_Tenant_Kind_EndedAt",
                table: "Request",
                columns: new[] { "Tenant", "Kind", "EndedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Request_Trace",
                table: "Request",
                column: "Trace");

            migrationBuilder.CreateIndex(
                name: "IX_ResetLink_HelperId",
                table: "ResetLink",
                column: "HelperId");

            migrationBuilder.CreateIndex(
                name: "IX_ResetLink_KeyHash",
                table: "ResetLink",
                column: "KeyHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ResetLink_SentAt",
                table: "ResetLink",
                column: "SentAt");

            migrationBuilder.CreateIndex(
                name: "IX_ResetLink_Tenant",
                table: "ResetLink",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_SearchTerm_Tenant_Term_UserId",
                table: "SearchTerm",
                columns: new[] { "Tenant", "Term", "UserId" });

            migrationBuilder.CreateIndex(
                name: "IX_SecurityAnswer_Question",
                table: "SecurityAnswer",
                column: "Question");

            migrationBuilder.CreateIndex(
                name: "IX_SecurityAnswer_Tenant_Question",
                table: "SecurityAnswer",
                columns: new[] { "Tenant", "Question" });

            migrationBuilder.CreateIndex(
                name: "IX_SecurityAnswer_UserId_Question",
                table: "SecurityAnswer",
                columns: new[] { "UserId", "Question" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_SecurityQuestion_Tenant_Shipped",
                table: "SecurityQuestion",
                columns: new[] { "Tenant", "Shipped" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Session_KeyHash",
                table: "Session",
                column: "KeyHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Session_Tenant",
                table: "Session",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_Session_Until",
                table: "Session",
                column: "Until");

            migrationBuilder.CreateIndex(
                name: "IX_Session_UserId",
                table: "Session",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_SpentCall_ExpiresAt",
                table: "SpentCall",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_SpentCall_Tenant",
                table: "SpentCall",
                column: "Tenant");

            migrationBuilder.CreateIndex(
                name: "IX_SpentChallenge_ExpiresAt",
                table: "SpentChallenge",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_Tenant_Name",
                table: "Tenant",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ThrottleCount_Ends",
                table: "ThrottleCount",
                column: "Ends");

            migrationBuilder.CreateIndex(
                name: "IX_User_GoneAt",
                table: "User",
                column: "GoneAt",
                filter: "\"GoneAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_User_Tenant_Connector_SourceAnchor",
                table: "User",
                columns: new[] { "Tenant", "Connector", "SourceAnchor" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_User_Tenant_DisplayName_UserPrincipalName_Id",
                table: "User",
                columns: new[] { "Tenant", "DisplayName", "UserPrincipalName", "Id" },
                filter: "\"GoneAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_User_Tenant_Domain_Connector",
                table: "User",
                columns: new[] { "Tenant", "Domain", "Connector" },
                filter: "\"GoneAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_User_Tenant_UserPrincipalName",
                table: "User",
                columns: new[] { "Tenant", "UserPrincipalName" },
                unique: true,
                filter: "\"GoneAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_User_WithRole",
                table: "User",
                column: "Tenant",
                filter: "\"Role\" <> 0 AND \"GoneAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_UserPassword_Tenant",
                table: "UserPassword",
                column: "Tenant");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AddressFault");

            migrationBuilder.DropTable(
                name: "AgentKey");

            migrationBuilder.DropTable(
                name: "AgentSync");

            migrationBuilder.DropTable(
                name: "Approval");

            migrationBuilder.DropTable(
                name: "Attempt");

            migrationBuilder.DropTable(
                name: "AuditEntry");

            migrationBuilder.DropTable(
                name: "AuditProgress");

            migrationBuilder.DropTable(
                name: "AuditSeal");

            migrationBuilder.DropTable(
                name: "AuthenticatorApp");

            migrationBuilder.DropTable(
                name: "CallerProof");

            migrationBuilder.DropTable(
                name: "Change");

            migrationBuilder.DropTable(
                name: "ContactChange");

            migrationBuilder.DropTable(
                name: "ContactValue");

            migrationBuilder.DropTable(
                name: "DailyTally");

            migrationBuilder.DropTable(
                name: "DataProtectionKeys");

            migrationBuilder.DropTable(
                name: "DisputeLink");

            migrationBuilder.DropTable(
                name: "DomainClaim");

            migrationBuilder.DropTable(
                name: "DomainProvider");

            migrationBuilder.DropTable(
                name: "EarlierPassword");

            migrationBuilder.DropTable(
                name: "EnrolmentCode");

            migrationBuilder.DropTable(
                name: "FailureCount");

            migrationBuilder.DropTable(
                name: "FamiliarPlace");

            migrationBuilder.DropTable(
                name: "GroupInGroup");

            migrationBuilder.DropTable(
                name: "GroupMember");

            migrationBuilder.DropTable(
                name: "HolderProof");

            migrationBuilder.DropTable(
                name: "Invitation");

            migrationBuilder.DropTable(
                name: "LastAnswer");

            migrationBuilder.DropTable(
                name: "OneTimeCode");

            migrationBuilder.DropTable(
                name: "OutgoingMessage");

            migrationBuilder.DropTable(
                name: "PassedGate");

            migrationBuilder.DropTable(
                name: "Passkey");

            migrationBuilder.DropTable(
                name: "PasskeyCeremony");

            migrationBuilder.DropTable(
                name: "PolicyDraft");

            migrationBuilder.DropTable(
                name: "ProviderLink");

            migrationBuilder.DropTable(
                name: "ProviderTrial");

            migrationBuilder.DropTable(
                name: "PutOff");

            migrationBuilder.DropTable(
                name: "QuestionCounts");

            migrationBuilder.DropTable(
                name: "QuestionDraw");

            migrationBuilder.DropTable(
                name: "RecoveryCode");

            migrationBuilder.DropTable(
                name: "RegistrationTerms");

            migrationBuilder.DropTable(
                name: "Request");

            migrationBuilder.DropTable(
                name: "ResetLink");

            migrationBuilder.DropTable(
                name: "SearchTerm");

            migrationBuilder.DropTable(
                name: "SecurityAnswer");

            migrationBuilder.DropTable(
                name: "SpentCall");

            migrationBuilder.DropTable(
                name: "SpentChallenge");

            migrationBuilder.DropTable(
                name: "TenantServiceBus");

            migrationBuilder.DropTable(
                name: "ThrottleCount");

            migrationBuilder.DropTable(
                name: "UserPassword");

            migrationBuilder.DropTable(
                name: "WrappedPortalKey");

            migrationBuilder.DropTable(
                name: "WrappedTenantKey");

            migrationBuilder.DropTable(
                name: "EnrolledAgent");

            migrationBuilder.DropTable(
                name: "Group");

            migrationBuilder.DropTable(
                name: "Session");

            migrationBuilder.DropTable(
                name: "Flow");

            migrationBuilder.DropTable(
                name: "Domain");

            migrationBuilder.DropTable(
                name: "SecurityQuestion");

            migrationBuilder.DropTable(
                name: "PolicyVersion");

            migrationBuilder.DropTable(
                name: "User");

            migrationBuilder.DropTable(
                name: "Tenant");
        }
    }
}
