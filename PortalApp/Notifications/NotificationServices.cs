using PortalApp.Data;

namespace PortalApp.Notifications;

internal static class NotificationServices
{
    public static IHostApplicationBuilder AddNotifications(this IHostApplicationBuilder builder)
    {
        var loopbackOnly = new Listening(builder.Configuration).IsOnLoopbackAlone;
        builder.AddOptions(MailOptions.Section, new MailOptionsValidator(builder.Environment.IsDevelopment(), loopbackOnly));
        builder.Services.AddSingleton<MailQueue>();
        builder.Services.AddSingleton<MailCarrier>();
        builder.Services.AddHostedService<MailSender>();
        builder.Services.AddHostedService<MailSweep>();
        return builder;
    }
}
